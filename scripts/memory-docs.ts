import { Settings } from '../src/config.js'
import { decodeBytes, pictureBytes } from '../src/imaging/decoder-memory.js'
import type { PictureFormat } from '../src/imaging/encode.js'
import type { ImageHeader } from '../src/imaging/header.js'
import { type MemoryPlan, planMemory } from '../src/memory-plan.js'

const MEBIBYTE = 1024 * 1024
const LIMITS = [512, 1024, 2048, 4096]

/** What each share of the memory is for, and what a client gets when it is used up. */
const SHARES: Readonly<Record<keyof MemoryPlan, readonly [use: string, full: string]>> = {
  process: ['the process: code, heap, sockets', ''],
  upstreamAnswers: ['answers of the model server', '`upstream_response_too_large`'],
  uploads: ['uploads, from their first byte until they are answered', '429 `queue_full`'],
  decoders: ['images in the slots: decoders, pixels, encoders', 'waits its turn'],
  keptPictures: ['decoded pictures that wait to be drawn on', 'is decoded again'],
  calls: ['tensors on their way, and what is kept for a retry', 'waits its turn'],
  answers: ['answers that clients have not read yet', '429 `queue_full`'],
  garbage: ['what is no longer used, until it is collected', 'is collected'],
}

/** The settings' defaults, with this much memory. */
function planFor(mebibytes: number): MemoryPlan {
  const { UPSTREAM_IN_FLIGHT, UPSTREAM_RESPONSE_MAX_BYTES } = Settings.parse({})
  const settings = {
    memoryLimitBytes: mebibytes * MEBIBYTE,
    upstreamInFlight: UPSTREAM_IN_FLIGHT,
    upstreamResponseMaxBytes: UPSTREAM_RESPONSE_MAX_BYTES,
  }
  return planMemory(settings, false)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** How the memory is shared, in MiB. */
function sharesTable(): string {
  const plans = LIMITS.map(planFor)
  const rows = Object.entries(SHARES).map(([name, [use, full]]) => [
    use,
    ...plans.map((plan) => String(Math.round(plan[name as keyof MemoryPlan] / MEBIBYTE))),
    full,
  ])
  const sum = ['**the sum**', ...LIMITS.map((it) => `**${it}**`), '']
  const limits = LIMITS.map((it) => `${it} MiB`)
  return table(['of `MEMORY_LIMIT_BYTES`', ...limits, 'when it is used up'], [...rows, sum])
}

const HEADER: ImageHeader = {
  format: 'jpeg',
  width: 0,
  height: 0,
  orientation: 1,
  plainRgb: true,
  channels: 3,
  bytesPerSample: 1,
  interlaced: false,
}
const WIRE = { width: 1024, height: 1024 }

/** Megapixels of the largest square whose bytes fit, no more than MAX_IMAGE_PIXELS. */
function largest(budget: number, bytes: (side: number) => number): string {
  const most = Math.floor(Math.sqrt(Settings.parse({}).MAX_IMAGE_PIXELS))
  let side = most
  while (side > 0 && bytes(side) > budget) side -= 1
  const megapixels = Math.floor(side ** 2 / 1_000_000)
  return side === most ? 'all' : String(megapixels)
}

/** The largest images that find room, in megapixels. */
function sizesTable(): string {
  const plans = LIMITS.map(planFor)
  const decoded = (change: Partial<ImageHeader>) =>
    plans.map(({ decoders }) =>
      largest(decoders, (side) =>
        decodeBytes({ ...HEADER, ...change, width: side, height: side }, WIRE),
      ),
    )
  const drawn = (format: PictureFormat) =>
    plans.map(({ decoders }) =>
      largest(decoders, (side) => pictureBytes({ width: side, height: side }, format)),
    )
  const sent = (bytesPerPixel: number) =>
    plans.map(({ calls }) => largest(calls, (side) => side * side * bytesPerPixel))
  const rows = [
    ['JPEG', ...decoded({})],
    ['JPEG, progressive', ...decoded({ interlaced: true })],
    ['PNG, TIFF', ...decoded({ format: 'tiff' })],
    ['PNG, interlaced', ...decoded({ format: 'png', interlaced: true })],
    ['WebP, GIF', ...decoded({ format: 'webp' })],
    ['AVIF', ...decoded({ format: 'avif' })],
    ['drawn on, as JPEG', ...drawn('jpeg')],
    ['drawn on, as WebP', ...drawn('webp')],
    ['drawn on, as PNG', ...drawn('png')],
    ['sent with all pixels, `max_side` 0', ...sent(12)],
    ['the same to a model of floats', ...sent(39)],
  ]
  return table(['megapixels that fit', ...LIMITS.map((it) => `${it} MiB`)], rows)
}

const MARKS = /(<!-- memory -->\n)[\s\S]*?(<!-- \/memory -->)/

/** Puts the current sums of memory between their marks in a Markdown text. Throws when the marks are missing. */
export function withMemoryTables(markdown: string): string {
  if (!MARKS.test(markdown)) throw new Error('the text has no <!-- memory --> marks')
  const tables = `${sharesTable()}\n\n${sizesTable()}`
  return markdown.replace(MARKS, (_all, before, after) => `${before}\n${tables}\n\n${after}`)
}
