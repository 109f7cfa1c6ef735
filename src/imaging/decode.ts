import sharp, { type Sharp } from 'sharp'
import type { Box, RgbImage, Size } from './geometry.js'
import { type ImageHeader, INPUT_OPTIONS, undecodable } from './header.js'
import {
  fitInside,
  type PadAlign,
  type TensorFit,
  type Transform,
  transformOf,
} from './transform.js'

/** Resampling kernels that a card can choose. */
export type ResizeKernel = 'nearest' | 'linear' | 'cubic' | 'mitchell' | 'lanczos2' | 'lanczos3'

/** One tensor that is wanted of an image. */
export interface View {
  /** Pixels of the upright image that are looked at; all of it unless given. */
  readonly region?: Box | undefined
  /** Exact size in pixels of the tensor; without it the region is sent at up to `maxSide`. */
  readonly size?: Size | undefined
  /** How the region is fitted to `size`. */
  readonly fit: TensorFit
  /** Red, green and blue of the border that `pad` leaves; black unless given. */
  readonly fill?: readonly [number, number, number] | undefined
  /** Where `pad` puts the picture; in the middle unless given. */
  readonly align?: PadAlign | undefined
  /** Longest side in pixels where there is no `size`; 0 sends all pixels. */
  readonly maxSide: number
  readonly kernel: ResizeKernel
}

/** A decoded view: upright 8-bit RGB and where its pixels lie in the image. */
export interface TensorImage extends RgbImage {
  readonly transform: Transform
}

/** Transparent pixels show what a white page would show: it is what viewers do. */
const BACKGROUND = '#fff'

const FITS = { stretch: 'fill', crop: 'cover', pad: 'contain' } as const

function open(upload: Buffer, timeoutMs: number): Sharp {
  // libvips counts whole seconds and takes 0 as no limit.
  const seconds = Math.max(1, Math.ceil(timeoutMs / 1000))
  return sharp(upload, INPUT_OPTIONS).timeout({ seconds }).autoOrient()
}

async function toRgb(image: Sharp, header: ImageHeader): Promise<RgbImage> {
  try {
    const { data, info } = await image
      .flatten({ background: BACKGROUND })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    return { width: info.width, height: info.height, pixels: data }
  } catch (cause) {
    throw undecodable(header.format, cause)
  }
}

/** What is looked at of an image, in its pixels, and the size and fit of the tensor that it becomes. */
interface Plan {
  readonly region: Box
  readonly size: Size
  readonly fit: TensorFit
}

function planOf(header: ImageHeader, view: View): Plan {
  const region = view.region ?? { xMin: 0, yMin: 0, xMax: header.width, yMax: header.height }
  const whole = { width: region.xMax - region.xMin, height: region.yMax - region.yMin }
  return {
    region,
    size: view.size ?? fitInside(whole, view.maxSide),
    fit: view.size === undefined ? 'stretch' : view.fit,
  }
}

async function decodeView(
  image: Sharp,
  header: ImageHeader,
  view: View,
  { region, size, fit }: Plan,
): Promise<TensorImage> {
  const width = region.xMax - region.xMin
  const height = region.yMax - region.yMin
  if (view.region !== undefined) {
    image.extract({ left: region.xMin, top: region.yMin, width, height })
  }
  if (size.width !== width || size.height !== height) {
    const [r, g, b] = view.fill ?? [0, 0, 0]
    image.resize(size.width, size.height, {
      fit: FITS[fit],
      position: fit === 'pad' && view.align === 'top-left' ? 'left top' : 'centre',
      kernel: view.kernel,
      background: { r, g, b },
    })
  }
  const rgb = await toRgb(image, header)
  return { ...rgb, transform: transformOf(region, rgb, fit, view.align) }
}

/**
 * Decodes the views that a model needs of one upload. The decoder shrinks while it loads where the format can
 * (JPEG, WebP), so a large photo costs little. Throws `image_undecodable` (422). Gives up after `timeoutMs`, rounded up to
 * seconds: whoever waits must watch the time too.
 */
export function decode(
  upload: Buffer,
  header: ImageHeader,
  views: readonly View[],
  timeoutMs: number,
): Promise<TensorImage[]> {
  return Promise.all(
    views.map((view) => decodeView(open(upload, timeoutMs), header, view, planOf(header, view))),
  )
}

/** From this shrinkage on, the JPEG decoder itself shrinks for sharp (`pipeline.cc`: by two only from three times on). */
const JPEG_SHRINKS_FROM = 3

/**
 * Whether a view has the same pixels when it is made of the decoded picture as when it is made of the upload: so it is for
 * 8-bit RGB where no decoder shrinks while it loads.
 */
export function isMadeOfPicture(header: ImageHeader, view: View): boolean {
  if (!header.plainRgb || header.orientation !== 1 || view.region !== undefined) return false
  if (header.format === 'png') return true
  const { width, height } = planOf(header, view).size
  return Math.min(header.width / width, header.height / height) < JPEG_SHRINKS_FROM
}

/** Makes a view of a decoded picture: the same as of the upload where `isMadeOfPicture` says so. */
export function viewOfPicture(
  picture: RgbImage,
  header: ImageHeader,
  view: View,
): Promise<TensorImage> {
  const { width, height, pixels } = picture
  const raw = { width, height, channels: 3 } as const
  const image = sharp(pixels, { raw, limitInputPixels: false })
  return decodeView(image, header, view, planOf(header, view))
}

/** Decodes the whole picture upright, no longer than `maxSide` pixels a side (0: as it is), to draw on it. */
export function decodePicture(
  upload: Buffer,
  header: ImageHeader,
  maxSide: number,
  timeoutMs: number,
): Promise<RgbImage> {
  const image = open(upload, timeoutMs)
  const size = fitInside(header, maxSide)
  if (size.width !== header.width || size.height !== header.height) {
    image.resize(size.width, size.height, { fit: 'fill' })
  }
  return toRgb(image, header)
}

/** Encodes a region of a decoded picture, no longer than `maxSide` (0: any), for a model that decodes by itself. */
export async function encodeRegion(
  { width, height, pixels }: RgbImage,
  region: Box,
  maxSide: number,
): Promise<EncodedImage> {
  const raw = { width, height, channels: 3 } as const
  const whole = { width: region.xMax - region.xMin, height: region.yMax - region.yMin }
  const size = fitInside(whole, maxSide)
  const bytes = await sharp(pixels, { raw, limitInputPixels: false })
    .extract({ left: region.xMin, top: region.yMin, ...whole })
    .resize(size.width, size.height, { fit: 'fill' })
    .jpeg(MODEL_JPEG)
    .toBuffer()
  return { ...size, bytes }
}

/** How pictures are encoded for models that decode by themselves. */
const MODEL_JPEG = { quality: 95, chromaSubsampling: '4:4:4' } as const

/** An encoded picture as a DT_STRING model takes it, and its size in pixels. */
export interface EncodedImage extends Size {
  readonly bytes: Uint8Array
}

/**
 * The bytes for a model that decodes by itself. TensorFlow ignores EXIF and refuses GIF, alpha WebP, AVIF and TIFF, so
 * only an upright 8-bit RGB JPEG or PNG no longer than `maxSide` (0: any) passes untouched; everything else becomes a
 * JPEG of quality 95 without chroma subsampling.
 */
export async function encodeForModel(
  upload: Buffer,
  header: ImageHeader,
  maxSide: number,
  timeoutMs: number,
): Promise<EncodedImage> {
  const size = fitInside(header, maxSide)
  const fits = size.width === header.width && size.height === header.height
  if (fits && header.orientation === 1 && header.plainRgb) return { ...size, bytes: upload }
  const image = open(upload, timeoutMs)
  if (!fits) image.resize(size.width, size.height, { fit: 'fill' })
  try {
    const bytes = await image
      .flatten({ background: BACKGROUND })
      .toColourspace('srgb')
      .jpeg(MODEL_JPEG)
      .toBuffer()
    return { ...size, bytes }
  } catch (cause) {
    throw undecodable(header.format, cause)
  }
}
