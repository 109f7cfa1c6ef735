import { setImmediate } from 'node:timers/promises'
import type { CardInput } from '../../repository/model-card.js'
import { toHalf } from '../../serving/half.js'

/** Values written in one go: some milliseconds of the event loop. */
const VALUES_AT_ONCE = 3 * 2 ** 18

/** Elements of a tensor that images are written to; those of half floats as their bits. */
export type InputValues = Float32Array | Uint16Array | Uint8Array

/** The value of each byte, for the first, second and third channel of the tensor. */
export type ValueTables<Table = Float32Array | Uint16Array> = readonly [Table, Table, Table]

/** What of a card decides the values of a tensor. */
export type ValueCard = Pick<CardInput, 'channels' | 'mean' | 'scale'>

/** One number a channel of what a card gives as one for all or one for each. */
export function perChannel(
  value: number | readonly number[] | undefined,
  fallback: number,
): readonly [number, number, number] {
  if (value === undefined) return [fallback, fallback, fallback]
  if (typeof value === 'number') return [value, value, value]
  return value as readonly [number, number, number]
}

/**
 * Tables of (byte - mean) * scale, channel by channel; mean 0 and scale 1 unless the card says otherwise. A byte has 256
 * values: looking them up takes a fraction of the time of computing each.
 */
export function valueTables(card: Pick<CardInput, 'mean' | 'scale'>): ValueTables<Float32Array> {
  const mean = perChannel(card.mean, 0)
  const scale = perChannel(card.scale, 1)
  const table = (channel: 0 | 1 | 2) =>
    Float32Array.from({ length: 256 }, (_, byte) => (byte - mean[channel]) * scale[channel])
  return [table(0), table(1), table(2)]
}

/** The same as the bits of half floats. */
function halfTables(card: Pick<CardInput, 'mean' | 'scale'>): ValueTables<Uint16Array> {
  const [first, second, third] = valueTables(card)
  return [
    Uint16Array.from(first, toHalf),
    Uint16Array.from(second, toHalf),
    Uint16Array.from(third, toHalf),
  ]
}

/** Where the values of one run of pixels go. */
export interface Placement {
  /** Index of the first pixel's first value. */
  readonly at: number
  /** From one pixel to the next. */
  readonly pixelStep: number
  /** From one channel to the next. */
  readonly channelStep: number
  /** Whether the tensor has blue first. */
  readonly bgr: boolean
}

/** Writes the values of the RGB bytes from `start` up to `end`, whole pixels both, to their places in a tensor. */
export function fillValues(
  values: InputValues,
  pixels: Uint8Array,
  [first, second, third]: ValueTables,
  [start, end]: readonly [number, number],
  { at, pixelStep, channelStep, bgr }: Placement,
): void {
  const from = bgr ? 2 : 0
  let to = at
  for (let i = start; i < end; i += 3) {
    values[to] = first[pixels[i + from]!]!
    values[to + channelStep] = second[pixels[i + 1]!]!
    values[to + 2 * channelStep] = third[pixels[i + 2 - from]!]!
    to += pixelStep
  }
}

/**
 * Turns the RGB bytes of images into the values that a card asks for, and yields to the event loop every few milliseconds.
 * `plane` is the number of pixels of one image where each channel has a plane of its own (`[b,3,h,w]`); without it channels
 * stay together (`[b,h,w,3]`).
 */
export async function toTensorValues<Values extends InputValues>(
  pixels: Uint8Array,
  values: Values,
  card: ValueCard,
  plane?: number,
): Promise<Values> {
  const tables = values instanceof Uint16Array ? halfTables(card) : valueTables(card)
  const bgr = card.channels === 'bgr'
  const step = { bgr, pixelStep: plane === undefined ? 3 : 1, channelStep: plane ?? 1 }
  const image = plane === undefined ? pixels.length : 3 * plane
  let written = 0
  for (let base = 0; base < pixels.length; base += image) {
    for (let start = 0; start < image; start += VALUES_AT_ONCE) {
      const end = Math.min(start + VALUES_AT_ONCE, image)
      if (written + end - start > VALUES_AT_ONCE) {
        await setImmediate()
        written = 0
      }
      const at = base + (start / 3) * step.pixelStep
      fillValues(values, pixels, tables, [base + start, base + end], { ...step, at })
      written += end - start
    }
  }
  return values
}
