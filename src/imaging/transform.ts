import type { Box, Size } from './geometry.js'

/** Maps a point of the tensor to the upright image: `image = tensor * scale + offset`, in pixels. */
export interface Transform {
  readonly scaleX: number
  readonly scaleY: number
  readonly offsetX: number
  readonly offsetY: number
}

/** How a region of the image is fitted to a tensor of a given size. */
export type TensorFit = 'stretch' | 'crop' | 'pad'

/** Where `pad` puts the picture in the tensor. */
export type PadAlign = 'center' | 'top-left'

/** The size of `region` fitted inside a square of `maxSide` pixels, never enlarged; 0 keeps all pixels. */
export function fitInside(region: Size, maxSide: number): Size {
  const longest = Math.max(region.width, region.height)
  if (maxSide === 0 || longest <= maxSide) return { width: region.width, height: region.height }
  const ratio = maxSide / longest
  return {
    width: Math.max(1, Math.round(region.width * ratio)),
    height: Math.max(1, Math.round(region.height * ratio)),
  }
}

/**
 * The transform of a region (pixels of the upright image) fitted to a tensor: `stretch` scales each axis by itself,
 * `crop` fills the tensor and cuts the overhang centred, `pad` shows the whole region on a border, centred unless `align`
 * says otherwise.
 */
export function transformOf(
  region: Box,
  tensor: Size,
  fit: TensorFit,
  align: PadAlign = 'center',
): Transform {
  const width = region.xMax - region.xMin
  const height = region.yMax - region.yMin
  const stretchX = width / tensor.width
  const stretchY = height / tensor.height
  if (fit === 'stretch') {
    return { scaleX: stretchX, scaleY: stretchY, offsetX: region.xMin, offsetY: region.yMin }
  }
  const scale = fit === 'crop' ? Math.min(stretchX, stretchY) : Math.max(stretchX, stretchY)
  if (fit === 'pad' && align === 'top-left') {
    return { scaleX: scale, scaleY: scale, offsetX: region.xMin, offsetY: region.yMin }
  }
  return {
    scaleX: scale,
    scaleY: scale,
    offsetX: region.xMin + (width - tensor.width * scale) / 2,
    offsetY: region.yMin + (height - tensor.height * scale) / 2,
  }
}
