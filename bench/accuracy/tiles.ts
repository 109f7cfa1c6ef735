/**
 * Scores the exported demo model behind the gateway on labelled photos, with and without tiles.
 *
 * Usage: npx tsx bench/accuracy/tiles.ts PHOTOS [--embedded] [--write]
 *
 * As bench/accuracy/run.ts has it. Every photo is asked about in every way, one request after the other, so that times
 * are of one machine in one mood.
 */
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { markdownSection } from '../report/markdown.js'
import type { Section } from '../report/section.js'
import { printSection, replaceBlock } from '../report/write.js'
import { median } from '../statistics.js'
import { type Answer, startDetector } from './detector.js'
import { type LabelledPhoto, readLabelledPhotos } from './labelled-photos.js'
import { type Score, scoreAnswers } from './score-paths.js'
import { TILE_VARIANTS } from './tile-variants.js'

/** Sides of COCO's sizes: small objects have a smaller area than the first square, large ones more than the second. */
const SIZES = [32, 96] as const

interface Circumstances {
  readonly photos: readonly LabelledPhoto[]
  readonly runner: string
  readonly commit: string
}

/** How many objects COCO calls small, medium and large. */
function countBySize(photos: readonly LabelledPhoto[]): [number, number, number] {
  const counts: [number, number, number] = [0, 0, 0]
  for (const { width, height, objects } of photos) {
    for (const { box } of objects) {
      const side = Math.sqrt(box[2] * width * box[3] * height)
      counts[side < SIZES[0] ? 0 : side < SIZES[1] ? 1 : 2] += 1
    }
  }
  return counts
}

function toSection(
  scores: readonly Score[],
  times: readonly number[],
  { photos, runner, commit }: Circumstances,
): Section {
  const [small, medium, large] = countBySize(photos)
  const rows = scores.map((score, index) => {
    const { name, overlap } = TILE_VARIANTS[index]!
    const difference = `${score.difference >= 0 ? '+' : ''}${score.difference.toFixed(3)}`
    const ratio = times[index]! / times[0]!
    return [
      name,
      overlap === undefined ? '' : `${overlap}`,
      ...[score.ap, score.ap50, score.small, score.medium, score.large].map((it) => it.toFixed(3)),
      index === 0 ? '' : `${difference} ± ${score.error.toFixed(3)}`,
      Number.isNaN(ratio) ? '-' : `${ratio.toFixed(1)}x`,
    ]
  })
  return {
    title: 'Average precision by tiles',
    text:
      `The exported demo model (300 x 300 pixels), run by ${runner} behind the gateway, on ${photos.length} photos of about ` +
      `640 x 480 with ${small} small, ${medium} medium and ${large} large objects (commit ${commit}). AP is COCO's, by ` +
      'pycocotools: small is below 32 x 32 pixels, large above 96 x 96. The error is the standard error of the difference ' +
      "over photos drawn with replacement. Time is the median of the gateway's own total against no tiles, request after " +
      'request, the model on the CPU of the same machine. `auto` is two tiles (three views) for photos so small.',
    tables: [
      {
        title: 'Tiles beside the whole, and without it',
        columns: [
          'tiles',
          'overlap',
          'AP',
          'AP50',
          'small',
          'medium',
          'large',
          'AP against none',
          'time',
        ],
        rows,
      },
    ],
    goals: [],
    plots: [],
    data: scores,
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    embedded: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
const [directory] = positionals
if (directory === undefined)
  throw new Error('usage: bench/accuracy/tiles.ts PHOTOS [--embedded] [--write]')

const work = await mkdtemp(join(tmpdir(), 'tiles-'))
const detector = await startDetector(work, values.embedded)
try {
  const photos = await readLabelledPhotos(directory)
  await detector.useCard({ size: [300, 300], fit: 'stretch' })
  const answers: Answer[][] = TILE_VARIANTS.map(() => [])
  for (const { file } of photos) {
    const photo = await readFile(file)
    for (const [index, variant] of TILE_VARIANTS.entries()) {
      answers[index]!.push(await variant.detect(detector, photo))
    }
  }
  const scores = await scoreAnswers(work, photos, answers)
  const times = answers.map((all) => median(all.map(({ timings_ms }) => timings_ms.total)))
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const runner = values.embedded ? 'the embedded server' : 'TensorFlow'
  const section = toSection(scores, times, { photos, runner, commit })
  printSection(section)
  if (values.write) await replaceBlock('tiles', markdownSection(section, ''))
} finally {
  await detector.close()
  await rm(work, { recursive: true, force: true })
}
