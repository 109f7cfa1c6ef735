import { type Annotation, annotate } from '../../imaging/annotate.js'
import { decodePicture } from '../../imaging/decode.js'
import { decodeBytes, pictureBytes } from '../../imaging/decoder-memory.js'
import { encodePicture } from '../../imaging/encode.js'
import { fitInside } from '../../imaging/transform.js'
import type { Deadline } from '../deadline.js'
import type { Detected, DetectOptions, Detector, Job } from './detector.js'
import type { Detection } from './result.js'

/** How the annotated picture is to be encoded. */
export interface PictureOptions {
  readonly format: 'png' | 'jpeg' | 'webp'
  /** 1 to 100; PNG is lossless whatever it says. */
  readonly quality: number
  /** Longest side in pixels; 0 keeps the image's own size. */
  readonly maxSide: number
}

/** Boxes are fractions until here: the picture may be smaller than the image. */
function toAnnotation(
  { label, classId, score, boxNormalized: box }: Detection,
  width: number,
  height: number,
): Annotation {
  return {
    label,
    classId,
    score,
    box: {
      xMin: box.xMin * width,
      yMin: box.yMin * height,
      xMax: box.xMax * width,
      yMax: box.yMax * height,
    },
  }
}

/** What a picture's memory is for, in words for the client. */
const DRAW = 'draw on (picture_max_side makes it smaller, jpeg takes least)'

/** Draws a result on the image itself, in one slot from decoding to encoding. Throws what `decode` throws. */
export async function drawPicture(
  detector: Detector,
  job: Job,
  { result, picture: kept }: Detected,
  { format, quality, maxSide }: PictureOptions,
  asked: { readonly options: DetectOptions; readonly deadline: Deadline },
): Promise<Buffer> {
  const size = fitInside(job.header, maxSide)
  const ready = kept?.width === size.width && kept.height === size.height ? kept : undefined
  const decoding = ready === undefined ? decodeBytes(job.header, size) : 0
  const need = { bytes: Math.max(pictureBytes(size, format), decoding), action: DRAW }
  return detector.inSlot(job, need, asked, async () => {
    const timeoutMs = detector.decodeTimeout(asked.deadline)
    const picture = ready ?? (await decodePicture(job.upload, job.header, maxSide, timeoutMs))
    const annotations = result.detections.map((it) =>
      toAnnotation(it, picture.width, picture.height),
    )
    await annotate(picture, annotations)
    return encodePicture(picture, { format, quality })
  })
}
