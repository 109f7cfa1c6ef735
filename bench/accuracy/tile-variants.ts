import sharp from 'sharp'
import type { Box, Size } from '../../src/imaging/geometry.js'
import { mergeViews, type ViewFindings } from '../../src/tasks/detection/merge-views.js'
import { tilesOf } from '../../src/tasks/detection/tiles.js'
import type { Answer, Detector, Found } from './detector.js'

/** One way to ask about a photo. */
export interface TileVariant {
  readonly name: string
  readonly overlap: number | undefined
  detect(detector: Detector, photo: Buffer): Promise<Answer>
}

const WITHOUT: TileVariant = {
  name: 'none',
  overlap: undefined,
  detect: (detector, photo) => detector.detect(photo),
}

function withWhole(tiles: string, overlap: number): TileVariant {
  return {
    name: tiles,
    overlap,
    detect: (detector, photo) => detector.detect(photo, `tiles=${tiles}&overlap=${overlap}`),
  }
}

function toCandidates(found: readonly Found[], region: Box): ViewFindings {
  const width = region.xMax - region.xMin
  const height = region.yMax - region.yMin
  const candidates = found.map(({ class_id, score, box_normalized: box }) => ({
    classId: class_id,
    score,
    box: {
      xMin: region.xMin + box.x_min * width,
      yMin: region.yMin + box.y_min * height,
      xMax: region.xMin + box.x_max * width,
      yMax: region.yMin + box.y_max * height,
    },
  }))
  return { region, candidates }
}

function toFound(views: readonly ViewFindings[], { width, height }: Size): Found[] {
  return mergeViews(views, { width, height }).map(({ classId, score, box }) => ({
    class_id: classId,
    score,
    box_normalized: {
      x_min: box.xMin / width,
      y_min: box.yMin / height,
      x_max: box.xMax / width,
      y_max: box.yMax / height,
    },
  }))
}

/** No request can ask for it: each tile is uploaded by itself, and what comes back is merged as the gateway does. */
function withoutWhole(columns: number, rows: number, overlap: number): TileVariant {
  const detect = async (detector: Detector, photo: Buffer) => {
    const { data, info } = await sharp(photo)
      .autoOrient()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true })
    const { width, height, channels } = info
    const views = tilesOf(info, { columns, rows }, overlap).map(async (region) => {
      const tile = sharp(data, { raw: { width, height, channels } }).extract({
        left: region.xMin,
        top: region.yMin,
        width: region.xMax - region.xMin,
        height: region.yMax - region.yMin,
      })
      const { detections } = await detector.detect(await tile.png().toBuffer())
      return toCandidates(detections, region)
    })
    const detections = toFound(await Promise.all(views), info)
    return { detections, timings_ms: { decode: Number.NaN, total: Number.NaN } }
  }
  return { name: `${columns}x${rows} without the whole`, overlap, detect }
}

/** Every way that is scored, the one without tiles first. */
export const TILE_VARIANTS: readonly TileVariant[] = [
  WITHOUT,
  withWhole('auto', 0.2),
  ...[0.1, 0.2, 0.3].map((overlap) => withWhole('2x2', overlap)),
  withWhole('3x2', 0.2),
  ...[0.2, 0.3].map((overlap) => withWhole('3x3', overlap)),
  withoutWhole(2, 2, 0.2),
]
