import { mkdir, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import type { Size } from '../src/imaging/geometry.js'

/** Photos of one size, as files. */
export interface PhotoSet {
  readonly files: readonly string[]
  /** Mean size of a file in bytes. */
  readonly meanBytes: number
}

/** Gives the size that a photo is brought to. */
type SizeOf = (photo: Size) => Size

/** More would add nothing but time: every measurement goes round the set. */
const MAX_PHOTOS = 8

/**
 * Standard deviation of the noise that enlarged photos get, in steps of 8-bit brightness. Enlarging alone makes files of
 * 0.1 bytes a pixel, cameras write 0.3 to 0.4: with less to decode every decoder would look better than it is.
 */
const GRAIN = 3.2

/** Makes sets of photos of any size out of a few photos, and keeps them in a folder. */
export class Photos {
  readonly #sources: readonly string[]
  readonly #directory: string
  readonly #sets = new Map<string, Promise<PhotoSet>>()

  constructor(sources: readonly string[], directory: string) {
    this.#sources = sources.slice(0, MAX_PHOTOS)
    this.#directory = directory
  }

  /** Gives the photos scaled to a number of megapixels in their own shape, as JPEG of quality 90. */
  ofSize(megapixels: number): Promise<PhotoSet> {
    return this.#set(`${megapixels}mp`, (photo) => {
      const factor = Math.sqrt((megapixels * 1e6) / (photo.width * photo.height))
      return { width: Math.round(photo.width * factor), height: Math.round(photo.height * factor) }
    })
  }

  /** Gives the photos cut and scaled to one size in pixels, as JPEG of quality 90. */
  ofShape(width: number, height: number): Promise<PhotoSet> {
    return this.#set(`${width}x${height}`, () => ({ width, height }))
  }

  #set(name: string, sizeOf: SizeOf): Promise<PhotoSet> {
    const set = this.#sets.get(name) ?? this.#make(join(this.#directory, name), sizeOf)
    this.#sets.set(name, set)
    return set
  }

  async #make(directory: string, sizeOf: SizeOf): Promise<PhotoSet> {
    await mkdir(directory, { recursive: true })
    const files: string[] = []
    let bytes = 0
    for (const [index, source] of this.#sources.entries()) {
      const file = join(directory, `${index}-${basename(source).replace(/\.\w+$/, '')}.jpg`)
      await writeFile(file, await scale(source, sizeOf))
      files.push(file)
      bytes += (await stat(file)).size
    }
    return { files, meanBytes: bytes / files.length }
  }
}

async function scale(source: string, sizeOf: SizeOf): Promise<Buffer> {
  const image = sharp(source).autoOrient()
  const { autoOrient: photo } = await image.metadata()
  const size = sizeOf(photo)
  const { data } = await image
    .resize(size.width, size.height, { fit: 'cover' })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (size.width > photo.width) addGrain(data)
  return sharp(data, { raw: { ...size, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer()
}

/** Adds brightness noise, near enough to normal: the sum of four bytes of a xorshift generator (Marsaglia, 2003). */
function addGrain(pixels: Buffer): void {
  let state = 2463534242
  for (let at = 0; at < pixels.length; at += 3) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    const sum = (state & 255) + ((state >> 8) & 255) + ((state >> 16) & 255) + (state >>> 24)
    const noise = ((sum - 510) / 147.8) * GRAIN
    for (let channel = at; channel < at + 3; channel++) {
      pixels[channel] = Math.min(255, Math.max(0, pixels[channel]! + noise))
    }
  }
}
