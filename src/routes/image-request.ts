import type { FastifyRequest } from 'fastify'
import { clientOf } from '../plugins/client-of.js'
import type { ImageParameters } from '../schemas/classify-parameters.js'
import type { ParseOptions, RawParameter } from '../schemas/parse-parameters.js'
import type { ImageRequest } from '../tasks/image/image-job.js'
import { BODY_NAMES, readImages } from './body/read-detect-body.js'
import type { BodyLimits, Upload } from './body/upload.js'

/** The images of a request and what is asked of them. */
export interface ImagesAsked<Parameters> {
  /** One upload, or one for each image of a batch in the order received; never empty. */
  readonly uploads: readonly Upload[]
  readonly parameters: Parameters
  readonly options: Omit<Parameters, keyof ImageParameters> & ImageRequest
}

/** Reads a body as `readDetectBody` does, with the parameters of another task. */
export async function readImageRequest<Parameters extends ImageParameters>(
  request: FastifyRequest,
  limits: BodyLimits,
  batch: boolean,
  parse: (raw: readonly RawParameter[], options: ParseOptions) => Parameters,
): Promise<ImagesAsked<Parameters>> {
  const { uploads, parameters: raw } = await readImages(request, limits, { batch })
  const parameters = parse(raw, { otherNames: BODY_NAMES })
  const { model, version, versionLabel, timeoutMs, ...others } = parameters
  const { traceparent } = request.headers
  const options = {
    ...others,
    selector: { model: model ?? request.server.catalog.defaultModel, version, versionLabel },
    client: clientOf(request),
    traceparent: typeof traceparent === 'string' ? traceparent : undefined,
  }
  return { uploads, parameters, options }
}
