import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import {
  DeepstackDetection,
  DeepstackError,
  DeepstackModels,
} from '../../schemas/compat/deepstack.js'
import { ModelPath } from '../../schemas/requests.js'
import { fraction } from '../../schemas/scalars.js'
import type { Detection } from '../../tasks/detection/result.js'
import { bodySizesOf, readImages } from '../body/read-detect-body.js'
import type { BodyLimits } from '../body/upload.js'
import {
  askServer,
  checkField,
  DOOR_TAGS,
  type DoorOptions,
  detectAtDoor,
  errorResponses,
  imageForm,
  openedBy,
  writeErrors,
} from './door.js'

/** DeepStack's own default, 0 to 1. */
const MIN_CONFIDENCE = 0.4

function toPrediction({ label, classId, score, box }: Detection) {
  return {
    label: label ?? String(classId),
    confidence: score,
    x_min: Math.round(box.xMin),
    y_min: Math.round(box.yMin),
    x_max: Math.round(box.xMax),
    y_max: Math.round(box.yMax),
  }
}

async function detect(
  request: FastifyRequest,
  limits: BodyLimits,
  model: string | undefined,
): Promise<DeepstackDetection> {
  const { uploads, parameters } = await readImages(request, limits, { batch: false })
  const minScore = checkField(parameters, 'min_confidence', fraction()) ?? MIN_CONFIDENCE
  const asked = { parameters: { minScore, ...(model !== undefined && { model }) } }
  const { result } = await detectAtDoor(request, uploads[0]!.bytes, asked)
  const predictions = result.detections.map(toPrediction)
  const { predict, total } = result.timingsMs
  return {
    success: true,
    predictions,
    duration: Math.round(total) / 1000,
    message: `Objects found: ${predictions.length}`,
    count: predictions.length,
    inferenceMs: Math.round(predict),
    processMs: Math.round(total),
    moduleId: result.model.name,
    processedBy: 'detection-gateway',
    timestampUTC: new Date().toISOString(),
  }
}

/**
 * The object detection of DeepStack and CodeProject.AI. Their `api_key` field is not read: a key goes into a header, so
 * that no upload is received from whoever has none.
 */
export const deepstackRoutes: FastifyPluginAsyncZod<DoorOptions> = async (app, { limits }) => {
  writeErrors(app, ({ message }, code) => ({ success: false, error: message, code }))
  const schema = {
    tags: DOOR_TAGS,
    description: openedBy('deepstack'),
    response: { 200: DeepstackDetection, ...errorResponses(DeepstackError) },
  }
  const config = {
    documentation: { body: imageForm({ min_confidence: fraction().optional() }) },
    bodySizes: bodySizesOf(limits, { batch: false }),
  }
  const detection = {
    ...schema,
    operationId: 'deepstackDetect',
    summary: 'Detect objects as DeepStack does',
  }
  app.post('/v1/vision/detection', { schema: detection, config }, (request) =>
    detect(request, limits, undefined),
  )
  const custom = {
    ...schema,
    operationId: 'deepstackDetectWith',
    summary: 'Detect objects with a model as DeepStack does',
    params: ModelPath,
  }
  app.post('/v1/vision/custom/:model', { schema: custom, config }, (request) =>
    detect(request, limits, request.params.model),
  )
  const list = {
    ...schema,
    operationId: 'deepstackListModels',
    summary: 'List the models as CodeProject.AI does',
    response: { 200: DeepstackModels, ...errorResponses(DeepstackError) },
  }
  app.post('/v1/vision/custom/list', { schema: list }, async (request) => {
    const models = await askServer(request, (call) => app.catalog.list(call))
    return { success: true as const, models: models.map(({ name }) => name) }
  })
}
