import type { DetectOptions } from '../tasks/detection/detector.js'
import type { PictureOptions } from '../tasks/detection/picture.js'
import type { AnswerFormat, DetectParameters } from './parameters.js'

const DEFAULT_QUALITY = 85
const PICTURE_FORMATS = ['png', 'jpeg', 'webp'] as const

/** What a request asks of the detector; a request that names no model gets the default one. */
export function toDetectOptions(
  parameters: DetectParameters,
  defaultModel: string,
  traceparent: string | string[] | undefined,
  client: string,
): DetectOptions {
  const { model, version, versionLabel, ...filters } = parameters
  return {
    ...filters,
    selector: { model: model ?? defaultModel, version, versionLabel },
    client,
    traceparent: typeof traceparent === 'string' ? traceparent : undefined,
  }
}

/** How the picture is made and encoded; `undefined` where text is the answer. */
export function toPictureOptions(
  format: AnswerFormat,
  { quality, pictureMaxSide, redact }: DetectParameters,
): PictureOptions | undefined {
  const crops = format === 'crops'
  const pictureFormat = crops ? 'jpeg' : PICTURE_FORMATS.find((it) => it === format)
  if (pictureFormat === undefined) return undefined
  return {
    format: pictureFormat,
    quality: quality ?? DEFAULT_QUALITY,
    maxSide: pictureMaxSide ?? 0,
    crops,
    redacted: redact !== undefined,
  }
}
