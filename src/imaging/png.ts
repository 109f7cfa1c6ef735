import { setImmediate } from 'node:timers/promises'
import { CompressionType, FilterType, Transformer } from '@napi-rs/image'
import { freeMemory } from '../free-memory.js'
import type { RgbImage } from './geometry.js'

/** Bytes copied in one go: about a millisecond of the event loop, most of it for memory that was never touched before. */
const COPIED_BYTES = 4 * 1024 * 1024

/**
 * Encodes a picture as an 8-bit RGB PNG, on a thread of libuv. The encoder takes pixels without alpha only as a file, so
 * they go to it as a binary PPM, whose body they are.
 *
 * Its fast compression has one code table made for photos under the Paeth filter and no search for repeats: a quarter of
 * the time of zlib's quickest level, at a smaller size on photos (`bench/encoders.ts`).
 */
export async function encodePng(picture: RgbImage): Promise<Buffer> {
  const ppm = await toPpm(picture)
  const png = await new Transformer(ppm).png({
    compressionType: CompressionType.Fast,
    filterType: FilterType.Paeth,
  })
  freeMemory(ppm)
  return png
}

async function toPpm({ width, height, pixels }: RgbImage): Promise<Buffer> {
  const header = `P6 ${width} ${height} 255\n`
  const ppm = Buffer.allocUnsafeSlow(header.length + pixels.length)
  ppm.write(header, 'latin1')
  for (let at = 0; at < pixels.length; at += COPIED_BYTES) {
    if (at > 0) await setImmediate()
    ppm.set(pixels.subarray(at, at + COPIED_BYTES), header.length + at)
  }
  return ppm
}
