import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pythonEnvironment } from '../processes/python.js'
import { median } from '../statistics.js'
import type { Answer, Detector } from './detector.js'
import type { PhotoVariant } from './enlarge.js'
import { type LabelledPhoto, toCocoTruth } from './labelled-photos.js'
import type { DecodePath } from './paths.js'

/** What score.py prints of one path. */
export interface Score {
  /** Mean over IoU 0.50 to 0.95, as COCO has it. */
  readonly ap: number
  readonly ap50: number
  readonly small: number
  readonly medium: number
  readonly large: number
  /** Difference of `ap` to all pixels, and its standard error. */
  readonly difference: number
  readonly error: number
}

export interface Scored extends Score {
  readonly variant: string
  readonly path: string
  /** Median of the gateway's own timing; NaN where the photo was prepared before. */
  readonly decodeMs: number
}

export interface ScoreOptions {
  readonly detector: Detector
  readonly photos: readonly LabelledPhoto[]
  readonly variant: PhotoVariant
  readonly paths: readonly DecodePath[]
  /** Folder for the files that score.py reads. */
  readonly folder: string
}

/** Photos in work at once. */
const AT_ONCE = 2

async function detectAll(
  { detector, variant }: ScoreOptions,
  { cardInput, prepare }: DecodePath,
): Promise<Answer[]> {
  await detector.useCard(cardInput)
  const answers: Answer[] = []
  let next = 0
  const work = async () => {
    while (next < variant.files.length) {
      const index = next++
      const photo = await readFile(variant.files[index]!)
      answers[index] = await detector.detect(prepare === undefined ? photo : await prepare(photo))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return answers
}

/** Detections as COCO's result file has them, in pixels of the photos as they are labelled. */
function toCocoResults(photos: readonly LabelledPhoto[], answers: readonly Answer[]): unknown[] {
  return photos.flatMap(({ id, width, height }, index) =>
    answers[index]!.detections.map(({ class_id, score, box_normalized: box }) => ({
      image_id: id,
      category_id: class_id,
      score,
      bbox: [
        box.x_min * width,
        box.y_min * height,
        (box.x_max - box.x_min) * width,
        (box.y_max - box.y_min) * height,
      ],
    })),
  )
}

/** Keeps what a path gave: the detections, and the median of the gateway's decode times. */
async function writeResults(
  name: string,
  photos: readonly LabelledPhoto[],
  { prepare }: DecodePath,
  answers: readonly Answer[],
): Promise<void> {
  const decode = median(answers.map(({ timings_ms }) => timings_ms.decode))
  await writeFile(`${name}.decode-ms`, `${prepare === undefined ? decode : Number.NaN}`)
  await writeFile(`${name}.json`, JSON.stringify(toCocoResults(photos, answers)))
}

function scoreFiles(environment: string, truth: string, files: readonly string[]): Score[] {
  const python = join(environment, 'bin', 'python')
  const output = execFileSync(python, ['bench/accuracy/score.py', truth, ...files], {
    encoding: 'utf8',
  })
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Score)
}

/** Scores lists of answers about all photos, the first being what the others are compared with. */
export async function scoreAnswers(
  folder: string,
  photos: readonly LabelledPhoto[],
  lists: readonly (readonly Answer[])[],
): Promise<Score[]> {
  const environment = pythonEnvironment('bench-accuracy', 'bench/accuracy/requirements.txt')
  const truth = join(folder, 'truth.json')
  await writeFile(truth, JSON.stringify(toCocoTruth(photos)))
  const files = lists.map((_, index) => join(folder, `answers-${index}.json`))
  for (const [index, answers] of lists.entries()) {
    await writeFile(files[index]!, JSON.stringify(toCocoResults(photos, answers)))
  }
  return scoreFiles(environment, truth, files)
}

/** Sends every photo down every path, unless its folder holds the results already, and scores what comes back. */
export async function scorePaths(options: ScoreOptions): Promise<Scored[]> {
  const { photos, paths, folder, variant } = options
  const environment = pythonEnvironment('bench-accuracy', 'bench/accuracy/requirements.txt')
  const truth = join(folder, 'truth.json')
  await writeFile(truth, JSON.stringify(toCocoTruth(photos)))
  const files: string[] = []
  const times: number[] = []
  for (const path of paths) {
    const name = join(folder, path.name.replaceAll(/\W+/g, '-'))
    const done = existsSync(`${name}.json`)
    if (!done) await writeResults(name, photos, path, await detectAll(options, path))
    files.push(`${name}.json`)
    times.push(Number(await readFile(`${name}.decode-ms`, 'utf8')))
  }
  return scoreFiles(environment, truth, files).map((score, index) => ({
    ...score,
    variant: variant.name,
    path: paths[index]!.name,
    decodeMs: times[index]!,
  }))
}
