/**
 * Scores the exported demo model behind the gateway on labelled photos, for every way to decode them.
 *
 * Usage: npx tsx bench/accuracy/run.ts PHOTOS [--embedded] [--work DIRECTORY] [--write]
 *
 * PHOTOS is a folder of JPEGs with YOLO labels of COCO's classes. The model is run by TensorFlow, as test/contract/serving.py
 * serves it (which is installed when it is missing: see test/contract/venv.sh), or with --embedded by the embedded server. Results are
 * kept in DIRECTORY, where a run that was cut short goes on.
 */
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { markdownSection } from '../report/markdown.js'
import { printSection, replaceBlock } from '../report/write.js'
import { startDetector } from './detector.js'
import { enlarge, type PhotoVariant } from './enlarge.js'
import { readLabelledPhotos } from './labelled-photos.js'
import { PATHS } from './paths.js'
import { type Scored, scorePaths } from './score-paths.js'
import { toSection } from './section.js'

/** By how much photos are enlarged, to be as large as a camera's. */
const FACTOR = 4

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    embedded: { type: 'boolean', default: false },
    work: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const [directory] = positionals
if (directory === undefined)
  throw new Error('usage: bench/accuracy/run.ts PHOTOS [--embedded] [--work DIRECTORY] [--write]')

const work = values.work ?? (await mkdtemp(join(tmpdir(), 'accuracy-')))
const detector = await startDetector(work, values.embedded)
try {
  const photos = await readLabelledPhotos(directory)
  const longestSide = Math.max(...photos.map(({ width, height }) => Math.max(width, height)))
  const variants: PhotoVariant[] = [
    { name: 'as they are', longestSide, files: photos.map(({ file }) => file) },
    {
      name: `${FACTOR}x enlarged`,
      longestSide: longestSide * FACTOR,
      files: await enlarge(photos, join(work, 'large'), FACTOR),
    },
  ]
  const scored: Scored[] = []
  for (const variant of variants) {
    const folder = join(work, variant.name.replaceAll(/\W+/g, '-'))
    await mkdir(folder, { recursive: true })
    const paths = PATHS.filter(({ maxSide }) => (maxSide ?? 0) < variant.longestSide)
    scored.push(...(await scorePaths({ detector, photos, variant, paths, folder })))
  }
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const runner = values.embedded ? 'the embedded server' : 'TensorFlow'
  const section = toSection(scored, { photos, runner, commit })
  printSection(section)
  if (values.write) await replaceBlock('accuracy', markdownSection(section, ''))
} finally {
  await detector.close()
  if (values.work === undefined) await rm(work, { recursive: true, force: true })
}
