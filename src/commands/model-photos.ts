import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { z } from 'zod'
import { Settings } from '../config.js'
import { GatewayError } from '../errors.js'
import { ExportError, fileError } from '../export/export-error.js'
import { type ImageHeader, readHeader } from '../imaging/header.js'
import type { ModelCard } from '../repository/model-card.js'
import type { Tensor } from '../serving/model-server.js'
import type { InputSignature } from '../tasks/image/input-signature.js'
import { type ModelInput, prepareInput, toInputTensor } from '../tasks/image/model-input.js'

/** A picture to try a model with. */
export interface Photo {
  readonly name: string
  readonly bytes: Buffer
}

/** A photo takes far less; a file that hangs must not hold up an export. */
const DECODE_TIMEOUT_MS = 30_000

/** Sizes in pixels of the synthetic images: models that keep the aspect plan anew for each shape. */
const SYNTHETIC_SIZES = [
  { width: 640, height: 480 },
  { width: 480, height: 640 },
] as const

const PhotoSettings = z.object({
  WIRE_MAX_SIDE_PIXELS: Settings.shape.WIRE_MAX_SIDE_PIXELS,
  MAX_IMAGE_PIXELS: Settings.shape.MAX_IMAGE_PIXELS,
})

/** Gives the photos that are named, or synthetic images where none are. Throws `ExportError` for a file that is none. */
export function choosePhotos(
  paths: readonly string[],
  signature: InputSignature,
  card: ModelCard | undefined,
): AsyncIterable<Photo> {
  return paths.length > 0 ? readPhotos(paths) : drawPhotos(signature, card)
}

async function* readPhotos(paths: readonly string[]): AsyncIterable<Photo> {
  for (const path of paths) {
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw fileError('read it', path, cause)
    })
    yield { name: path, bytes }
  }
}

/** One is enough where every image is sent in the same size. */
async function* drawPhotos(
  { dtype, size }: InputSignature,
  card: ModelCard | undefined,
): AsyncIterable<Photo> {
  const isFixed = dtype !== 'DT_STRING' && (size ?? card?.input.size) !== undefined
  for (const { width, height } of isFixed ? SYNTHETIC_SIZES.slice(0, 1) : SYNTHETIC_SIZES) {
    yield { name: 'a synthetic image', bytes: await drawPhoto(width, height) }
  }
}

/** Draws slopes of colour with noise on them, the same every time: as hard to decode as a photo. */
async function drawPhoto(width: number, height: number): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3)
  let random = 1
  for (let i = 0; i < pixels.length; i++) {
    // A linear congruential generator with the constants of Numerical Recipes.
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0
    const x = Math.floor(i / 3) % width
    pixels[i] = ((x + (i % 3) * 64 + Math.floor(i / (3 * width))) % 224) + (random >>> 27)
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer()
}

/** A photo as it goes to a model. */
export interface PreparedPhoto {
  readonly header: ImageHeader
  readonly input: ModelInput
  readonly tensor: Tensor
}

/** Decodes and sizes a photo just as the gateway does for this model. Throws `ExportError` when it cannot be used. */
export async function preparePhoto(
  { name, bytes }: Photo,
  signature: InputSignature,
  card: ModelCard | undefined,
): Promise<PreparedPhoto> {
  const settings = readSettings()
  const cardInput = card?.input ?? {}
  try {
    const header = await readHeader(bytes, settings.MAX_IMAGE_PIXELS)
    const options = { signature, card: cardInput, wireMaxSide: settings.WIRE_MAX_SIDE_PIXELS }
    const input = await prepareInput(bytes, header, options, DECODE_TIMEOUT_MS)
    return { header, input, tensor: await toInputTensor([input], signature, cardInput) }
  } catch (cause) {
    if (!(cause instanceof GatewayError)) throw cause
    throw new ExportError(`${name}: ${cause.message}`, { cause })
  }
}

function readSettings(): z.output<typeof PhotoSettings> {
  const given = Object.entries(process.env).filter(([, value]) => value !== '')
  return PhotoSettings.parse(Object.fromEntries(given))
}
