import { mkdir, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import sharp from 'sharp'

/** Photos of one size, as files. */
export interface PhotoSet {
  readonly megapixels: number
  readonly files: readonly string[]
  /** Mean size of a file in bytes. */
  readonly meanBytes: number
}

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
  readonly #sets = new Map<number, Promise<PhotoSet>>()

  constructor(sources: readonly string[], directory: string) {
    this.#sources = sources.slice(0, MAX_PHOTOS)
    this.#directory = directory
  }

  /** Gives the photos scaled to a number of megapixels in their own shape, as JPEG of quality 90. */
  ofSize(megapixels: number): Promise<PhotoSet> {
    const existing = this.#sets.get(megapixels)
    if (existing !== undefined) return existing
    const made = this.#make(megapixels)
    this.#sets.set(megapixels, made)
    return made
  }

  async #make(megapixels: number): Promise<PhotoSet> {
    const directory = join(this.#directory, `${megapixels}mp`)
    await mkdir(directory, { recursive: true })
    const files: string[] = []
    let bytes = 0
    for (const [index, source] of this.#sources.entries()) {
      const file = join(directory, `${index}-${basename(source).replace(/\.\w+$/, '')}.jpg`)
      await writeFile(file, await scale(source, megapixels * 1e6))
      files.push(file)
      bytes += (await stat(file)).size
    }
    return { megapixels, files, meanBytes: bytes / files.length }
  }
}

async function scale(source: string, pixels: number): Promise<Buffer> {
  const image = sharp(source).autoOrient()
  const { autoOrient: size } = await image.metadata()
  const factor = Math.sqrt(pixels / (size.width * size.height))
  const { data, info } = await image
    .resize(Math.round(size.width * factor), Math.round(size.height * factor), { fit: 'fill' })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (factor > 1) addGrain(data)
  const { width, height } = info
  return sharp(data, { raw: { width, height, channels: 3 } })
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
