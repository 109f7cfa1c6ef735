import { type Zippable, zipSync } from 'fflate'
import { crop, cropRect } from '../../imaging/crop.js'
import { encodePicture } from '../../imaging/encode.js'
import type { RgbImage, Size } from '../../imaging/geometry.js'
import type { Deadline } from '../deadline.js'
import { toPictureBox } from './picture-box.js'
import type { Detection, DetectionResult } from './result.js'

/** How many pictures' worth of pixels the crops of one picture may have together. */
const MAX_PICTURES = 2

/** Bytes that a crop takes for each pixel until the ZIP is complete: noise at quality 100, 4.1 measured, is held twice. */
const PER_PIXEL = 9

/** A ZIP holds no times of its own here: the same crops are the same bytes. It counts from 1980. */
const MTIME = new Date(1980, 0, 1)

/** The most bytes that the crops of a picture and their ZIP take. */
export function cropsBytes({ width, height }: Size): number {
  return Math.ceil(width * height * (3 + PER_PIXEL * MAX_PICTURES))
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
  { model, image, detections }: DetectionResult,
  quality: number,
  deadline: Deadline,
): Promise<Buffer> {
  const files: Zippable = {}
  const entries: unknown[] = []
  let left = picture.width * picture.height * MAX_PICTURES
  for (const [index, detection] of detections.entries()) {
    deadline.signal.throwIfAborted()
    const rect = cropRect(toPictureBox(detection.boxNormalized, picture), picture)
    const pixels = rect.width * rect.height
    const file = pixels <= left ? fileName(index, detection) : null
    const { label, classId, score, box } = detection
    entries.push({
      file,
      label,
      class_id: classId,
      score,
      box: { x_min: box.xMin, y_min: box.yMin, x_max: box.xMax, y_max: box.yMax },
    })
    if (file === null) continue
    left -= pixels
    files[file] = await encodePicture(crop(picture, rect), { format: 'jpeg', quality })
  }
  const facts = JSON.stringify({ model, image, detections: entries }, null, 2)
  files['detections.json'] = new TextEncoder().encode(facts)
  // Pictures are compressed already.
  const zip = zipSync(files, { level: 0, mtime: MTIME })
  return Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength)
}
