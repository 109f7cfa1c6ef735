import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { GatewayError } from '../../errors.js'
import {
  DoodsDetection,
  DoodsDetectors,
  DoodsError,
  DoodsQuestion,
  DoodsRequest,
} from '../../schemas/compat/doods.js'
import { toPictureOptions } from '../../schemas/to-options.js'
import type { ImageAnswer } from '../../tasks/detection/detect-image.js'
import type { Detection } from '../../tasks/detection/result.js'
import type { ModelDescription } from '../../tasks/model-catalog.js'
import { readImage } from '../body/json-body.js'
import { jsonSizesOf, readForeignJson } from '../body/read-detect-body.js'
import type { BodyLimits } from '../body/upload.js'
import { doodsFilter, lowestScore, reasonToKeep } from './doods-filter.js'
import {
  askServer,
  checkValue,
  DOOR_TAGS,
  type DoorOptions,
  detectAtDoor,
  errorResponses,
  openedBy,
  writeErrors,
} from './door.js'

/** The name that DOODS gives the detector of requests that name none. */
const DEFAULT_DETECTOR = 'default'

/** As many as the API's own `max_detections` allows: DOODS has no limit. */
const MAX_DETECTIONS = 1000

function toDetector({ name, signature, input, card }: ModelDescription) {
  const shape = input === null ? null : (signature?.inputs[input]?.shape ?? null)
  const [height = 0, width = 0] = shape?.slice(-3) ?? []
  const labels = [...(card?.labels?.values() ?? [])]
  return {
    name,
    type: 'tensorflow',
    model: name,
    labels,
    width: Math.max(0, width),
    height: Math.max(0, height),
  }
}

async function readQuestion(request: FastifyRequest, limits: BodyLimits) {
  return readForeignJson(request, limits, ({ data, ...rest }) => {
    if (typeof data === 'string' && /^(?:https?|rtsp|ftp):/i.test(data)) {
      const message = 'must be an image in base64: images are not fetched from URLs'
      throw new GatewayError('invalid_parameter', `"data" ${message}`)
    }
    const uploads = [readImage(data ?? '', 'data', limits)]
    return { uploads, question: checkValue('request', rest, DoodsQuestion)! }
  })
}

function pictureFormat(image: DoodsQuestion['image']): 'jpeg' | 'png' | undefined {
  if (image === undefined || image === null || image === '' || image === false) return undefined
  return /png/i.test(String(image)) ? 'png' : 'jpeg'
}

function detect(
  request: FastifyRequest,
  image: Buffer,
  question: DoodsQuestion,
  format: 'jpeg' | 'png' | undefined,
): Promise<ImageAnswer> {
  const { detector_name: name } = question
  const model = !name || name === DEFAULT_DETECTOR ? undefined : name
  return detectAtDoor(request, image, {
    parameters: {
      minScore: lowestScore(question),
      maxDetections: MAX_DETECTIONS,
      ...(model !== undefined && { model }),
    },
    keep: doodsFilter(question),
    picture: format && toPictureOptions(format, {}),
  })
}

function toDetection(question: DoodsQuestion, { label, classId, score, boxNormalized }: Detection) {
  const name = label ?? String(classId)
  const { xMin: left, yMin: top, xMax: right, yMax: bottom } = boxNormalized
  const box = { top, left, bottom, right }
  const confidence = Math.round(score * 1e6) / 1e4
  const reason = reasonToKeep(question, name, confidence, box)
  const region = typeof reason === 'object' ? (reason.id ?? undefined) : undefined
  return {
    ...(region !== undefined && { region_id: region }),
    ...box,
    label: name,
    confidence,
  }
}

/** The HTTP API of DOODS2, without its streams. */
export const doodsRoutes: FastifyPluginAsyncZod<DoorOptions> = async (app, { limits }) => {
  writeErrors(app, ({ message }) => ({ error: message, detections: [] }))
  const schema = { tags: DOOR_TAGS, description: openedBy('doods') }
  const errors = errorResponses(DoodsError)
  const list = {
    ...schema,
    operationId: 'doodsDetectors',
    summary: 'List the models as DOODS2 does',
    response: { 200: DoodsDetectors, ...errors },
  }
  app.get('/detectors', { schema: list }, async (request) => {
    const models = await askServer(request, (call) => app.catalog.list(call))
    const detectors = models.map(toDetector)
    const chosen = detectors.find(({ name }) => name === app.catalog.defaultModel)
    return { detectors: [...(chosen ? [{ ...chosen, name: DEFAULT_DETECTOR }] : []), ...detectors] }
  })

  const config = {
    documentation: { body: { 'application/json': { schema: DoodsRequest } } },
    bodySizes: jsonSizesOf(limits),
  }
  const detection = {
    ...schema,
    operationId: 'doodsDetect',
    summary: 'Detect objects as DOODS2 does',
    response: { 200: DoodsDetection, ...errors },
  }
  app.post('/detect', { schema: detection, config }, async (request) => {
    const { uploads, question } = await readQuestion(request, limits)
    const format = pictureFormat(question.image)
    const { result, picture } = await detect(request, uploads[0]!.bytes, question, format)
    return {
      ...(question.id && { id: question.id }),
      ...(picture && { image: picture.toString('base64') }),
      detections: result.detections.map((it) => toDetection(question, it)),
    }
  })

  const binary = { schema: z.unknown().meta({ type: 'string', format: 'binary' }) }
  const image = {
    ...schema,
    operationId: 'doodsImage',
    summary: 'Answer the annotated picture as DOODS2 does',
    response: {
      200: {
        description: 'The annotated picture',
        content: { 'image/jpeg': binary, 'image/png': binary },
      },
      ...errors,
    },
  }
  app.post('/image', { schema: image, config }, async (request, reply) => {
    const { uploads, question } = await readQuestion(request, limits)
    const format = pictureFormat(question.image) ?? 'jpeg'
    const { picture } = await detect(request, uploads[0]!.bytes, question, format)
    reply.type(`image/${format}`)
    return picture
  })
}
