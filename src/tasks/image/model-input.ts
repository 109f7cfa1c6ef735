import {
  decode,
  decodePicture,
  encodeForModel,
  isMadeOfPicture,
  type TensorImage,
  type View,
  viewOfPicture,
} from '../../imaging/decode.js'
import type { RgbImage, Size } from '../../imaging/geometry.js'
import type { ImageHeader } from '../../imaging/header.js'
import { fitInside, type Transform, transformOf } from '../../imaging/transform.js'
import type { CardInput } from '../../repository/model-card.js'
import type { Tensor } from '../../serving/model-server.js'
import { inSpan } from '../../tracing.js'
import type { InputSignature } from './input-signature.js'
import { perChannel, toTensorValues } from './normalise.js'

/** One image as the model takes it: pixels or an encoded picture, its size, and where it lies in the image. */
export interface ModelInput {
  readonly data: Uint8Array
  readonly size: Size
  readonly transform: Transform
  /** The whole upright image, where the input was made of it and it was to be kept. */
  readonly picture?: RgbImage
}

export interface InputOptions {
  readonly signature: InputSignature
  readonly card: CardInput
  /** Longest side in pixels where neither card nor signature fixes a size; 0 sends all. */
  readonly wireMaxSide: number
  /** Whether the picture that is drawn on later may be decoded now: it then saves decoding the upload twice. */
  readonly keepPicture?: boolean
}

/**
 * The resampling of models whose card names none: as exact as `lanczos3`, for up to a tenth less decoding
 * (BENCHMARKS.md).
 */
const DEFAULT_KERNEL = 'linear'

/** The view of an image that a pixel model takes: the signature's fixed size, else the card's, else a longest side. */
export function viewOf({ signature, card, wireMaxSide }: InputOptions): View {
  const cardSize =
    card.size === undefined ? undefined : { height: card.size[0], width: card.size[1] }
  return {
    size: signature.size ?? cardSize,
    fit: card.fit ?? 'stretch',
    fill: fillOf(card),
    align: card.align,
    maxSide: card.maxSide ?? wireMaxSide,
    kernel: card.kernel ?? DEFAULT_KERNEL,
  }
}

/** Red, green and blue of the border: the card gives them in the order of the tensor. */
function fillOf({ fill, channels }: CardInput): View['fill'] {
  if (fill === undefined) return undefined
  const [first, second, third] = perChannel(fill, 0)
  return channels === 'bgr' ? [third, second, first] : [first, second, third]
}

/** The size in pixels of what the model is sent of an image or of a part of it. */
export function inputSize(image: Size, options: InputOptions): Size {
  if (options.signature.dtype !== 'DT_STRING') {
    const { size, maxSide } = viewOf(options)
    return size ?? fitInside(image, maxSide)
  }
  return fitInside(image, options.card.maxSide ?? options.wireMaxSide)
}

/**
 * The most bytes that an image holds between its decoding and the answer: pixels, the same joined to a batch, then as a
 * message and as a frame that is kept for another try; a model of floats has each value in four bytes (or two) from the second
 * on.
 * `uploadBytes` is the size of an upload that may be sent as it came.
 */
export function callBytes(uploadBytes: number, image: Size, options: InputOptions): number {
  const { width, height } = inputSize(image, options)
  const values = width * height * 3
  if (options.signature.dtype === 'DT_UINT8') return values * 4
  if (options.signature.dtype === 'DT_FLOAT') return values * (1 + 3 * 4)
  if (options.signature.dtype === 'DT_HALF') return values * (1 + 3 * 2)
  // The upload itself is counted where it was received; a picture that is encoded anew is smaller than its pixels.
  return Math.max(2 * uploadBytes, 3 * values)
}

/** A decoded view as the model takes it. */
export function toInput({ pixels, width, height, transform }: TensorImage): ModelInput {
  return { data: pixels, size: { width, height }, transform }
}

/** Decodes an upload to what the model needs and no more, unless the picture is to be kept. Throws `image_undecodable` (422). */
export async function prepareInput(
  upload: Buffer,
  header: ImageHeader,
  options: InputOptions,
  timeoutMs: number,
): Promise<ModelInput> {
  const attributes = imageAttributes(upload, header)
  return await inSpan({ name: 'decode', kind: 'internal', attributes }, () =>
    decodeInput(upload, header, options, timeoutMs),
  )
}

/** What a span tells of an upload. */
export function imageAttributes(upload: Buffer, { format, width, height }: ImageHeader) {
  return {
    'image.format': format,
    'image.width': width,
    'image.height': height,
    'image.bytes': upload.length,
  }
}

async function decodeInput(
  upload: Buffer,
  header: ImageHeader,
  options: InputOptions,
  timeoutMs: number,
): Promise<ModelInput> {
  if (options.signature.dtype !== 'DT_STRING') {
    const view = viewOf(options)
    if (options.keepPicture && isMadeOfPicture(header, view)) {
      const picture = await decodePicture(upload, header, 0, timeoutMs)
      return { ...toInput(await viewOfPicture(picture, header, view)), picture }
    }
    const [image] = await decode(upload, header, [view], timeoutMs)
    return toInput(image!)
  }
  const maxSide = options.card.maxSide ?? options.wireMaxSide
  const { bytes, width, height } = await encodeForModel(upload, header, maxSide, timeoutMs)
  const whole = { xMin: 0, yMin: 0, xMax: header.width, yMax: header.height }
  const size = { width, height }
  return { data: bytes, size, transform: transformOf(whole, size, 'stretch') }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}

/**
 * Puts images of one size into one tensor, as the signature asks: `[b,h,w,3]` or `[b,3,h,w]` in the order of channels that
 * the card gives, `[b]` of encoded images, or any of these without its batch dimension.
 */
export async function toInputTensor(
  inputs: readonly ModelInput[],
  signature: InputSignature,
  card: CardInput,
): Promise<Tensor> {
  const { dtype, layout } = signature
  const batch = signature.batched ? [inputs.length] : []
  const parts = inputs.map((input) => input.data)
  if (dtype === 'DT_STRING') return { dtype, shape: batch, data: parts }
  const { width, height } = inputs[0]!.size
  const shape = [...batch, ...(layout === 'nchw' ? [3, height, width] : [height, width, 3])]
  const planes = layout === 'nchw' ? width * height : undefined
  const pixels = concat(parts)
  if (dtype === 'DT_FLOAT') {
    const floats = new Float32Array(pixels.length)
    return { dtype, shape, data: await toTensorValues(pixels, floats, card, planes) }
  }
  if (dtype === 'DT_HALF') {
    const halves = new Uint16Array(pixels.length)
    return { dtype, shape, data: await toTensorValues(pixels, halves, card, planes) }
  }
  // What the decoder gives is the tensor already.
  if (planes === undefined && card.channels !== 'bgr') return { dtype, shape, data: pixels }
  const order = { channels: card.channels }
  const bytes = new Uint8Array(pixels.length)
  return { dtype, shape, data: await toTensorValues(pixels, bytes, order, planes) }
}
