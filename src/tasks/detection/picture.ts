import { freeMemory } from '../../free-memory.js'
import { type Annotation, annotate } from '../../imaging/annotate.js'
import { decodePicture } from '../../imaging/decode.js'
import { decodeBytes, pictureBytes } from '../../imaging/decoder-memory.js'
import { encodePicture } from '../../imaging/encode.js'
import type { Size } from '../../imaging/geometry.js'
import { type RedactedArea, redact, redactBytes } from '../../imaging/redact.js'
import { fitInside } from '../../imaging/transform.js'
import type { Asked, Job } from '../image/image-job.js'
import type { ImagePipeline } from '../image/image-pipeline.js'
import type { JobAnswer } from '../image/image-task.js'
import { cropsBytes, zipCrops } from './crops.js'
import { toPictureBox } from './picture-box.js'
import type { DetectionResult } from './result.js'

/** How the picture is to be encoded. */
export interface PictureOptions {
  readonly format: 'png' | 'jpeg' | 'webp'
  /** 1 to 100; PNG is lossless whatever it says. */
  readonly quality: number
  /** Longest side in pixels; 0 keeps the image's own size. */
  readonly maxSide: number
  /** Whether a ZIP of what is in the boxes is wanted in place of the picture. */
  readonly crops?: boolean
  /** Whether the request asks for redaction: the boxes are then not drawn. */
  readonly redacted?: boolean
}

/** What a picture's memory is for, in words for the client. */
const DRAW = 'draw on (picture_max_side makes it smaller, jpeg takes least)'
const CROP = 'cut crops from (picture_max_side makes it smaller)'

/**
 * Makes the picture of a result from the image itself, in one slot from decoding to encoding: its boxes drawn, what must
 * not be seen redacted, or cut up into crops. Throws what `decode` throws.
 */
export async function drawPicture(
  pipeline: ImagePipeline,
  job: Job,
  { result, picture: kept }: JobAnswer<DetectionResult>,
  options: PictureOptions,
  asked: Asked,
): Promise<Buffer> {
  const { format, quality, maxSide, crops = false, redacted = false } = options
  const size = fitInside(job.header, maxSide)
  const ready = kept?.width === size.width && kept.height === size.height ? kept : undefined
  const decoding = ready === undefined ? decodeBytes(job.header, size) : 0
  const encoding = pictureBytes(size, format) + (crops ? cropsBytes(result, size, quality) : 0)
  const redacting = redacted ? redactBytes(size) : 0
  const bytes = Math.max(decoding, redacting, encoding)
  const need = { bytes, action: crops ? CROP : DRAW }
  return pipeline.slots.run(job, need, asked, async () => {
    const timeoutMs = pipeline.slots.decodeTimeout(asked.deadline)
    const picture = ready ?? (await decodePicture(job.upload, job.header, maxSide, timeoutMs))
    if (redacted) await redact(picture, toAreas(result, picture), asked.deadline.signal)
    else if (!crops) await annotate(picture, toAnnotations(result, picture))
    const made = crops
      ? await zipCrops(picture, result, quality, asked.deadline)
      : await encodePicture(picture, { format, quality })
    freeMemory(picture.pixels)
    return made
  })
}

function toAnnotations({ detections }: DetectionResult, picture: Size): Annotation[] {
  return detections.map(({ label, classId, score, boxNormalized }) => ({
    label,
    classId,
    score,
    box: toPictureBox(boxNormalized, picture),
  }))
}

function toAreas({ redactions }: DetectionResult, picture: Size): RedactedArea[] {
  return redactions.map(({ mode, boxNormalized }) => ({
    mode,
    box: toPictureBox(boxNormalized, picture),
  }))
}
