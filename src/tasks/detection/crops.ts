import { type Zippable, zipSync } from 'fflate'
import type { PixelRect } from '../../imaging/canvas.js'
import { crop, cropRect } from '../../imaging/crop.js'
import { encodePicture } from '../../imaging/encode.js'
import type { RgbImage, Size } from '../../imaging/geometry.js'
import type { Deadline } from '../deadline.js'
import { toPictureBox } from './picture-box.js'
import type { Detection, DetectionResult } from './result.js'

/** How many pictures' worth of pixels the crops of one picture may have together. */
const MAX_PICTURES = 2

/** Bytes that a JPEG takes for each pixel, measured on noise, by the best quality that this holds for. */
const PER_PIXEL: readonly (readonly [quality: number, bytes: number])[] = [
  [90, 2.1],
  [100, 4.2],
]

/** A ZIP holds no times of its own here: the same crops are the same bytes. It counts from 1980. */
const MTIME = new Date(1980, 0, 1)

/** The parts of a picture to cut out, best first; `null` for what goes beyond the limit of pixels. */
function rectsOf({ detections }: DetectionResult, picture: Size): (PixelRect | null)[] {
  let left = picture.width * picture.height * MAX_PICTURES
  return detections.map(({ boxNormalized }) => {
    const rect = cropRect(toPictureBox(boxNormalized, picture), picture)
    const pixels = rect.width * rect.height
    if (pixels > left) return null
    left -= pixels
    return rect
  })
}

/** The most bytes that the crops of a picture take: the largest decoded, and all encoded, alone and in the ZIP. */
export function cropsBytes(result: DetectionResult, picture: Size, quality: number): number {
  const pixels = rectsOf(result, picture).map((it) => (it === null ? 0 : it.width * it.height))
  const perPixel = PER_PIXEL.find(([best]) => quality <= best)![1]
  const encoded = pixels.reduce((sum, it) => sum + it, 0) * perPixel
  return Math.ceil(3 * Math.max(0, ...pixels) + 2 * encoded)
}

function fileName(index: number, { label, classId }: Detection): string {
  const name = (label ?? String(classId)).replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60)
  return `${String(index + 1).padStart(4, '0')}-${name}.jpg`
}

/**
 * Packs what is in each box, best first, as a JPEG of its own into a ZIP, beside `detections.json`, which tells the file of
 * each detection; `null` for those that went beyond twice the picture's pixels. Throws `deadline_exceeded` (504).
 */
export async function zipCrops(
  picture: RgbImage,
  result: DetectionResult,
  quality: number,
  deadline: Deadline,
): Promise<Buffer> {
  const files: Zippable = {}
  const entries: unknown[] = []
  const { model, image, detections } = result
  const rects = rectsOf(result, picture)
  for (const [index, detection] of detections.entries()) {
    deadline.signal.throwIfAborted()
    const rect = rects[index] ?? null
    const file = rect === null ? null : fileName(index, detection)
    const { label, classId, score, box } = detection
    entries.push({
      file,
      label,
      class_id: classId,
      score,
      box: { x_min: box.xMin, y_min: box.yMin, x_max: box.xMax, y_max: box.yMax },
    })
    if (rect === null || file === null) continue
    files[file] = await encodePicture(crop(picture, rect), { format: 'jpeg', quality })
  }
  const facts = JSON.stringify({ model, image, detections: entries }, null, 2)
  files['detections.json'] = new TextEncoder().encode(facts)
  // Pictures are compressed already.
  const zip = zipSync(files, { level: 0, mtime: MTIME })
  return Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength)
}
