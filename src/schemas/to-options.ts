import type { DetectOptions } from '../tasks/detection/detector.js'
import type { PictureOptions } from '../tasks/detection/picture.js'
import type { AnswerFormat, DetectParameters } from './parameters.js'

const DEFAULT_QUALITY = 85

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

/** How the annotated picture is encoded; `undefined` where JSON is the answer. */
export function toPictureOptions(
  format: AnswerFormat,
  { quality, pictureMaxSide }: DetectParameters,
): PictureOptions | undefined {
  if (format === 'json') return undefined
  return { format, quality: quality ?? DEFAULT_QUALITY, maxSide: pictureMaxSide ?? 0 }
}
