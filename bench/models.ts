import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { COCO_LABELS } from '../src/repository/demo-card.js'

/** A detector that the bench's model server plays. */
export interface BenchModel {
  readonly name: string
  /** Pixels `[b,h,w,3]` or encoded pictures `[b]`. */
  readonly input: 'pixels' | 'encoded'
  /** The card's `input`, as `model.json` has it. */
  readonly cardInput: Readonly<Record<string, unknown>>
  /** Rows of an answer. */
  readonly rows: number
  /** Rows with a score of 0.5 or more, which are the detections of an answer. */
  readonly detections: number
  /** Milliseconds from the last byte of a request to the answer. */
  readonly delayMs: number
}

/** The rows of a usual detector, a tenth of them good enough to be answered: a busy photo. */
const BASE = { input: 'pixels', rows: 100, detections: 10, delayMs: 0 } as const

/** Numbers of detections whose cost is measured. */
export const DETECTION_COUNTS = [0, 1, 10, 30, 100, 300, 1000]

const wire = (name: string, cardInput: BenchModel['cardInput']): BenchModel => ({
  ...BASE,
  name,
  cardInput,
})

export const WIRE_640 = wire('wire_640', { max_side: 640 })
export const WIRE_1024 = wire('wire_1024', { max_side: 1024 })
export const WIRE_FULL = wire('wire_full', { max_side: 0 })
/** The demo card's own size. */
export const WIRE_300 = wire('wire_300', { size: [300, 300], fit: 'stretch' })
export const ENCODED = { ...wire('encoded', { max_side: 0 }), input: 'encoded' as const }
/** Holds its caller for as long as a slow network would. */
export const SLOW = { ...wire('slow', { max_side: 640 }), delayMs: 500 }

/** A model that finds just so many objects. */
export function countingModel(detections: number): BenchModel {
  const rows = Math.max(BASE.rows, detections)
  return { ...wire(`detections_${detections}`, { max_side: 640 }), rows, detections }
}

/** Every model that the bench uses. */
export const MODELS: readonly BenchModel[] = [
  WIRE_640,
  WIRE_1024,
  WIRE_FULL,
  WIRE_300,
  ENCODED,
  SLOW,
  ...DETECTION_COUNTS.map(countingModel),
]

/** Writes a model repository with the cards of all models; the model server needs none of it. */
export async function writeRepository(directory: string): Promise<void> {
  const labels = Object.fromEntries(COCO_LABELS)
  for (const { name, cardInput } of MODELS) {
    await mkdir(join(directory, name), { recursive: true })
    const card = { card_version: 1, labels, input: cardInput, defaults: { max_detections: 1000 } }
    await writeFile(join(directory, name, 'model.json'), JSON.stringify(card))
  }
}
