import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { MaxError, MaxLabels, MaxMetadata, MaxPrediction } from '../../schemas/compat/max.js'
import { fraction } from '../../schemas/scalars.js'
import type { Detection } from '../../tasks/detection/result.js'
import { bodySizesOf, readImages } from '../body/read-detect-body.js'
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

/** The MAX Object Detector's own default, 0 to 1. */
const THRESHOLD = 0.7

function toPrediction({ label, classId, score, boxNormalized: box }: Detection) {
  return {
    label_id: String(classId),
    label: label ?? String(classId),
    probability: score,
    detection_box: [box.yMin, box.xMin, box.yMax, box.xMax],
  }
}

/** The API of IBM's MAX Object Detector, answered by the default model. */
export const maxRoutes: FastifyPluginAsyncZod<DoorOptions> = async (app, { limits }) => {
  writeErrors(app, ({ message }) => ({ status: 'error', message }))
  const errors = errorResponses(MaxError)
  const schema = { tags: DOOR_TAGS, description: openedBy('max') }
  const threshold = fraction().optional()
  const predict = {
    ...schema,
    operationId: 'maxPredict',
    summary: 'Detect objects as the MAX Object Detector does',
    response: { 200: MaxPrediction, ...errors },
  }
  const config = {
    documentation: { querystring: z.object({ threshold }), body: imageForm({ threshold }) },
    bodySizes: bodySizesOf(limits, { batch: false }),
  }
  app.post('/model/predict', { schema: predict, config }, async (request) => {
    const { uploads, parameters } = await readImages(request, limits, { batch: false })
    const minScore = checkField(parameters, 'threshold', fraction()) ?? THRESHOLD
    const asked = { parameters: { minScore } }
    const { result } = await detectAtDoor(request, uploads[0]!.bytes, asked)
    return { status: 'ok' as const, predictions: result.detections.map(toPrediction) }
  })

  const labels = {
    ...schema,
    operationId: 'maxLabels',
    summary: 'The labels as the MAX Object Detector lists them',
    response: { 200: MaxLabels, ...errors },
  }
  app.get('/model/labels', { schema: labels }, async (request) => {
    const { defaultModel } = app.catalog
    const { card } = await askServer(request, (call) => app.catalog.describe(defaultModel, call))
    const named = [...(card?.labels ?? [])].map(([id, name]) => ({ id: String(id), name }))
    return { count: named.length, labels: named }
  })

  const metadata = {
    ...schema,
    operationId: 'maxMetadata',
    summary: 'What the MAX Object Detector tells of itself',
    response: { 200: MaxMetadata, ...errors },
  }
  app.get('/model/metadata', { schema: metadata }, async () => {
    const { defaultModel: name } = app.catalog
    const described = `The model ${name}, served by detection-gateway`
    return {
      id: name,
      name,
      description: described,
      type: 'Object Detection',
      source: 'detection-gateway',
      license: 'see the owner of the model',
    }
  })
}
