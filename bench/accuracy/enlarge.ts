import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import type { LabelledPhoto } from './labelled-photos.js'

/** The labelled photos in one form: a file for each, in their order. */
export interface PhotoVariant {
  readonly name: string
  /** Pixels of the longest side of all photos. */
  readonly longestSide: number
  readonly files: readonly string[]
}

/** Writes photos enlarged by a factor, as JPEG of quality 95. Gives the files. */
export async function enlarge(
  photos: readonly LabelledPhoto[],
  directory: string,
  factor: number,
): Promise<string[]> {
  await mkdir(directory, { recursive: true })
  const files: string[] = []
  for (const { file, width, height } of photos) {
    const large = join(directory, basename(file))
    const image = sharp(file)
      .autoOrient()
      .resize(width * factor, height * factor, { fit: 'fill' })
    await writeFile(large, await image.jpeg({ quality: 95 }).toBuffer())
    files.push(large)
  }
  return files
}
