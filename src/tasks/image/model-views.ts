import { decodePicture, encodeRegion, viewOfPicture } from '../../imaging/decode.js'
import { decodeBytes, pictureBytes } from '../../imaging/decoder-memory.js'
import type { Box, RgbImage, Size } from '../../imaging/geometry.js'
import type { ImageHeader } from '../../imaging/header.js'
import { transformOf } from '../../imaging/transform.js'
import { inSpan } from '../../tracing.js'
import type { ModelView } from './image-job.js'
import {
  callBytes,
  type InputOptions,
  imageAttributes,
  type ModelInput,
  toInput,
  viewOf,
} from './model-input.js'

/** The size in pixels of a part of an image. */
function sizeOf({ xMin, yMin, xMax, yMax }: Box): Size {
  return { width: xMax - xMin, height: yMax - yMin }
}

/**
 * Decodes an upload once and makes of it what the model needs of each region, one after the other. Throws
 * `image_undecodable` (422), and the signal's reason when it aborts in between.
 */
export function prepareViews(
  upload: Buffer,
  header: ImageHeader,
  regions: readonly Box[],
  options: InputOptions,
  limit: { timeoutMs: number; signal: AbortSignal },
): Promise<ModelView[]> {
  const attributes = { ...imageAttributes(upload, header), 'image.views': regions.length }
  return inSpan({ name: 'decode', kind: 'internal', attributes }, async () => {
    const picture = await decodePicture(upload, header, 0, limit.timeoutMs)
    const kept = options.keepPicture ? { picture } : {}
    const views: ModelView[] = []
    for (const region of regions) {
      limit.signal.throwIfAborted()
      const input = await inputOfRegion(picture, header, region, options)
      views.push({ region, input: { ...input, ...kept } })
    }
    return views
  })
}

async function inputOfRegion(
  picture: RgbImage,
  header: ImageHeader,
  region: Box,
  options: InputOptions,
): Promise<ModelInput> {
  if (options.signature.dtype !== 'DT_STRING') {
    return toInput(await viewOfPicture(picture, header, { ...viewOf(options), region }))
  }
  const maxSide = options.card.maxSide ?? options.wireMaxSide
  const { bytes, ...size } = await encodeRegion(picture, region, maxSide)
  return { data: bytes, size, transform: transformOf(region, size, 'stretch') }
}

/** The most bytes that regions of an image hold between decoding and the answer; see `callBytes`. */
export function viewBytes(regions: readonly Box[], options: InputOptions): number {
  return regions.reduce((sum, region) => sum + callBytes(0, sizeOf(region), options), 0)
}

/** The most bytes that an upload takes while it is decoded once and views are made of it. */
export function viewDecodeBytes(header: ImageHeader, { signature }: InputOptions): number {
  const encoding = signature.dtype === 'DT_STRING' ? pictureBytes(header, 'jpeg') : 0
  return decodeBytes(header, header) + encoding
}
