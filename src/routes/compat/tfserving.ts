import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { GatewayError } from '../../errors.js'
import {
  TfservingError,
  TfservingMetadata,
  TfservingPrediction,
  TfservingRequest,
  TfservingStatus,
} from '../../schemas/compat/tfserving.js'
import { modelName, versionLabel, versionNumber } from '../../schemas/scalars.js'
import type { ModelSelector } from '../../serving/model-server.js'
import type { DetectionResult } from '../../tasks/detection/result.js'
import { answerBatch } from '../../tasks/image/image-batch.js'
import { jsonSizesOf, readForeignJson } from '../body/read-detect-body.js'
import type { BodyLimits } from '../body/upload.js'
import {
  askServer,
  DOOR_TAGS,
  type DoorOptions,
  doorOptions,
  errorResponses,
  openedBy,
  writeErrors,
} from './door.js'
import { toMetadata, toPrediction, toVersionStatus } from './tfserving-answer.js'
import { type PredictBody, readPredictBody } from './tfserving-body.js'

const model = modelName().meta({ description: 'Name of the model' })
const version = versionNumber().meta({ description: 'Version of the model' })
const label = versionLabel().meta({ description: 'Label of a version' })

/** Everything that the model finds, as the model server itself would answer it. */
const ALL = { minScore: 0, maxDetections: 1000 }

/** Detects in every image; what is wrong with one is wrong with the request, as with one call to a model. */
async function detectAll(
  request: FastifyRequest,
  { uploads }: PredictBody,
  { model, version, versionLabel }: ModelSelector,
): Promise<DetectionResult[]> {
  const { detector } = request.server
  const parameters = {
    ...ALL,
    model,
    ...(version !== undefined && { version }),
    ...(versionLabel !== undefined && { versionLabel }),
  }
  const options = doorOptions(request, { parameters })
  const results: DetectionResult[] = []
  const failures: unknown[] = []
  await request.server.withDeadline(request, parameters, async (deadline) => {
    const leave = await detector.pipeline.enter(options, deadline)
    try {
      await answerBatch(detector, uploads, options, deadline, (outcome) => {
        if ('error' in outcome) failures.push(outcome.error)
        else results[outcome.index] = outcome.result
      })
      if (failures.length > 0) throw failures[0]
    } finally {
      leave()
    }
  })
  return results
}

async function predict(request: FastifyRequest, limits: BodyLimits, selector: ModelSelector) {
  const body = await readForeignJson(request, limits, (json) => readPredictBody(json, limits))
  const results = await detectAll(request, body, selector)
  const used = results[0]!.model.signature
  if (body.signature !== undefined && body.signature !== used) {
    const message = `is not the signature of this model's card, "${used}"`
    throw new GatewayError('invalid_parameter', `"signature_name" ${message}`)
  }
  return toPrediction(results, body.rows)
}

/**
 * TensorFlow Serving's REST API for detection: predictions of encoded images, status and metadata. The status of a whole
 * model is the gateway's own `GET /v1/models/{model}`, which carries `model_version_status` beside its own fields.
 */
export const tfservingRoutes: FastifyPluginAsyncZod<DoorOptions> = async (app, { limits }) => {
  writeErrors(app, ({ message }) => ({ error: message }))
  const errors = errorResponses(TfservingError)
  const config = {
    documentation: { body: { 'application/json': { schema: TfservingRequest } } },
    bodySizes: jsonSizesOf(limits),
  }
  const schemaOf = (operationId: string, summary: string) => ({
    tags: DOOR_TAGS,
    description: openedBy('tfserving'),
    operationId,
    summary: `${summary} as TensorFlow Serving does`,
  })
  const predictSchema = (operationId: string) => ({
    ...schemaOf(operationId, 'Detect objects'),
    response: { 200: TfservingPrediction, ...errors },
  })
  // A colon would else belong to the name; two are Fastify's way of writing one.
  const latest = { ...predictSchema('tfservingPredict'), params: z.object({ model }) }
  app.post('/v1/models/:model(^[^:/]+)::predict', { schema: latest, config }, (request) =>
    predict(request, limits, request.params),
  )
  const versioned = {
    ...predictSchema('tfservingPredictByVersion'),
    params: z.object({ model, version }),
  }
  app.post(
    '/v1/models/:model/versions/:version(^[^:/]+)::predict',
    { schema: versioned, config },
    (request) => predict(request, limits, request.params),
  )
  const labelled = {
    ...predictSchema('tfservingPredictByLabel'),
    params: z.object({ model, label }),
  }
  app.post(
    '/v1/models/:model/labels/:label(^[^:/]+)::predict',
    { schema: labelled, config },
    (request) => {
      const { model, label } = request.params
      return predict(request, limits, { model, versionLabel: label })
    },
  )

  const status = {
    ...schemaOf('tfservingStatus', 'The status of a version'),
    params: z.object({ model, version }),
    response: { 200: TfservingStatus, ...errors },
  }
  app.get('/v1/models/:model/versions/:version(^[^:/]+)', { schema: status }, async (request) => {
    const { model, version } = request.params
    const versions = await askServer(request, (call) => app.catalog.versions(model, call))
    const found = versions.filter((it) => it.version === version)
    if (found.length === 0) {
      throw new GatewayError(
        'version_not_found',
        `Could not find version ${version} of model ${model}`,
      )
    }
    return { model_version_status: toVersionStatus(found) }
  })

  const metadataOf = async (request: FastifyRequest, selector: ModelSelector) =>
    toMetadata(
      selector.model,
      await askServer(request, (call) => app.catalog.signatures(selector, call)),
    )
  const metadata = {
    ...schemaOf('tfservingMetadata', 'The signatures of a model'),
    params: z.object({ model }),
    response: { 200: TfservingMetadata, ...errors },
  }
  app.get('/v1/models/:model/metadata', { schema: metadata }, (request) =>
    metadataOf(request, request.params),
  )
  const versionMetadata = {
    ...schemaOf('tfservingVersionMetadata', 'The signatures of a version'),
    params: z.object({ model, version }),
    response: { 200: TfservingMetadata, ...errors },
  }
  app.get('/v1/models/:model/versions/:version/metadata', { schema: versionMetadata }, (request) =>
    metadataOf(request, request.params),
  )
}
