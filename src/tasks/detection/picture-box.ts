import type { Box, Size } from '../../imaging/geometry.js'

/** Gives a box of fractions in pixels of a picture, which may be smaller than the image. */
export function toPictureBox(box: Box, { width, height }: Size): Box {
  return {
    xMin: box.xMin * width,
    yMin: box.yMin * height,
    xMax: box.xMax * width,
    yMax: box.yMax * height,
  }
}
