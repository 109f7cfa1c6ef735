import { setImmediate } from 'node:timers/promises'
import type { CardInput } from '../../repository/model-card.js'

/** Values turned into floats in one go: some milliseconds of the event loop. */
const VALUES_AT_ONCE = 3 * 2 ** 18

/** The float of each byte, for red, green and blue. */
export type FloatTables = readonly [Float32Array, Float32Array, Float32Array]

function perChannel(
  value: number | readonly number[] | undefined,
  fallback: number,
): readonly number[] {
  if (value === undefined) return [fallback, fallback, fallback]
  return typeof value === 'number' ? [value, value, value] : value
}

/**
 * Tables of (byte - mean) * scale, channel by channel; mean 0 and scale 1 unless the card says otherwise. A byte has 256
 * values: looking them up takes a fraction of the time of computing each.
 */
export function floatTables(card: Pick<CardInput, 'mean' | 'scale'>): FloatTables {
  const mean = perChannel(card.mean, 0)
  const scale = perChannel(card.scale, 1)
  const table = (channel: number) =>
    Float32Array.from({ length: 256 }, (_, byte) => (byte - mean[channel]!) * scale[channel]!)
  return [table(0), table(1), table(2)]
}

/** Turns the RGB bytes from `start` up to `end`, whole pixels both, into floats at the same places. */
export function fillFloats(
  floats: Float32Array,
  pixels: Uint8Array,
  [red, green, blue]: FloatTables,
  start: number,
  end: number,
): void {
  for (let i = start; i < end; i += 3) {
    floats[i] = red[pixels[i]!]!
    floats[i + 1] = green[pixels[i + 1]!]!
    floats[i + 2] = blue[pixels[i + 2]!]!
  }
}

/** Turns RGB bytes into the floats that a card asks for, and yields to the event loop every few milliseconds. */
export async function normalise(pixels: Uint8Array, card: CardInput): Promise<Float32Array> {
  const tables = floatTables(card)
  const floats = new Float32Array(pixels.length)
  for (let start = 0; start < pixels.length; start += VALUES_AT_ONCE) {
    if (start > 0) await setImmediate()
    fillFloats(floats, pixels, tables, start, Math.min(start + VALUES_AT_ONCE, pixels.length))
  }
  return floats
}
