import type { Box, Size } from '../../imaging/geometry.js'

/** A part of the image that detections must lie in, or must not. */
export interface Region {
  readonly id?: string | undefined
  readonly xMin: number
  readonly yMin: number
  readonly xMax: number
  readonly yMax: number
  /** Pixels of the upright image, or fractions of its sides. */
  readonly unit: 'pixel' | 'fraction'
  /** What of a box must lie in the region: its centre, any part, or all of it. */
  readonly match: 'center' | 'intersects' | 'contains'
  /** Whether matching boxes are dropped rather than kept. */
  readonly exclude: boolean
}

function toPixels(region: Region, image: Size): Box {
  const [x, y] = region.unit === 'fraction' ? [image.width, image.height] : [1, 1]
  return {
    xMin: region.xMin * x,
    yMin: region.yMin * y,
    xMax: region.xMax * x,
    yMax: region.yMax * y,
  }
}

function matches(box: Box, area: Box, match: Region['match']): boolean {
  if (match === 'contains') {
    return (
      box.xMin >= area.xMin &&
      box.yMin >= area.yMin &&
      box.xMax <= area.xMax &&
      box.yMax <= area.yMax
    )
  }
  if (match === 'intersects') {
    return (
      box.xMin < area.xMax && box.xMax > area.xMin && box.yMin < area.yMax && box.yMax > area.yMin
    )
  }
  const x = (box.xMin + box.xMax) / 2
  const y = (box.yMin + box.yMax) / 2
  return x >= area.xMin && x < area.xMax && y >= area.yMin && y < area.yMax
}

/** Makes the test for a list of regions: inside any that includes (where there is one), inside none that excludes. */
export function regionFilter(regions: readonly Region[], image: Size): (box: Box) => boolean {
  const areas = regions.map((region) => ({ ...region, area: toPixels(region, image) }))
  const included = areas.filter((it) => !it.exclude)
  const excluded = areas.filter((it) => it.exclude)
  return (box) =>
    (included.length === 0 || included.some((it) => matches(box, it.area, it.match))) &&
    !excluded.some((it) => matches(box, it.area, it.match))
}
