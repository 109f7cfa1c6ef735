import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { GatewayError } from '../../errors.js'
import {
  OipError,
  OipLive,
  OipModel,
  OipModelReady,
  OipReady,
  OipServer,
} from '../../schemas/compat/oip.js'
import { modelName, modelVersion } from '../../schemas/scalars.js'
import type { Signature } from '../../serving/model-server.js'
import { VERSION } from '../../version.js'
import {
  askServer,
  DOOR_TAGS,
  type DoorOptions,
  errorResponses,
  openedBy,
  writeErrors,
} from './door.js'

/** The protocol's names of element types where they are not TensorFlow's without the prefix. */
const DATATYPES: Readonly<Record<string, string>> = {
  DT_FLOAT: 'FP32',
  DT_DOUBLE: 'FP64',
  DT_HALF: 'FP16',
  DT_BFLOAT16: 'BF16',
  DT_STRING: 'BYTES',
}

function toTensors(tensors: Signature['inputs']) {
  return Object.entries(tensors).map(([name, { dtype, shape }]) => ({
    name,
    datatype: DATATYPES[dtype] ?? dtype.replace(/^DT_/, ''),
    shape: [...(shape ?? [-1])],
  }))
}

const model = modelName().meta({ description: 'Name of the model' })
const version = modelVersion().meta({ description: 'Version of the model' })

interface Asked {
  readonly model: string
  readonly version?: string
}

async function describe(request: FastifyRequest, { model, version }: Asked) {
  const { catalog } = request.server
  const { signature, versions, reason } = await askServer(request, (call) =>
    catalog.describe(model, call),
  )
  const available = versions.filter(({ state }) => state === 'AVAILABLE').map((it) => it.version)
  if (version !== undefined && !available.includes(version)) {
    throw new GatewayError(
      'version_not_found',
      `Model "${model}" has no available version ${version}`,
    )
  }
  if (signature === null) {
    throw new GatewayError('model_not_ready', `Model "${model}" is not ready: ${reason}`)
  }
  return {
    name: model,
    versions: version === undefined ? available : [version],
    platform: 'tensorflow_savedmodel',
    inputs: toTensors(signature.inputs),
    outputs: toTensors(signature.outputs),
  }
}

async function isReady(request: FastifyRequest, { model, version }: Asked): Promise<boolean> {
  const { catalog } = request.server
  const versions = await askServer(request, (call) => catalog.versions(model, call))
  return versions.some(
    (it) => it.state === 'AVAILABLE' && (version === undefined || it.version === version),
  )
}

/** The health and metadata routes of the Open Inference Protocol, version 2. Inference itself is not there. */
export const oipRoutes: FastifyPluginAsyncZod<DoorOptions> = async (app) => {
  writeErrors(app, ({ message }) => ({ error: message }))
  const errors = errorResponses(OipError)
  const schemaOf = (operationId: string, summary: string) => ({
    tags: DOOR_TAGS,
    description: openedBy('oip'),
    operationId,
    summary: `${summary} by the Open Inference Protocol`,
  })
  const server = {
    ...schemaOf('oipServer', 'The server'),
    response: { 200: OipServer, ...errors },
  }
  app.get('/v2', { schema: server }, async () => ({
    name: 'detection-gateway',
    version: VERSION,
    extensions: [],
  }))
  const live = { ...schemaOf('oipLive', 'Liveness'), response: { 200: OipLive, ...errors } }
  app.get('/v2/health/live', { schema: live }, async () => ({ live: true as const }))
  const ready = {
    ...schemaOf('oipReady', 'Readiness'),
    response: { 200: OipReady, ...errors, 503: OipReady },
  }
  app.get('/v2/health/ready', { schema: ready }, async (_request, reply) => {
    const { ready } = app.readiness.readiness
    return reply.code(ready ? 200 : 503).send({ ready })
  })

  const modelSchema = { ...schemaOf('oipModel', 'A model'), params: z.object({ model }) }
  const versionSchema = {
    ...schemaOf('oipModelVersion', 'A version of a model'),
    params: z.object({ model, version }),
  }
  const described = { response: { 200: OipModel, ...errors } }
  app.get('/v2/models/:model', { schema: { ...modelSchema, ...described } }, (request) =>
    describe(request, request.params),
  )
  app.get(
    '/v2/models/:model/versions/:version',
    { schema: { ...versionSchema, ...described } },
    (request) => describe(request, request.params),
  )
  const readiness = { response: { 200: OipModelReady, ...errors, 503: OipModelReady } }
  const modelReady = { ...modelSchema, ...readiness, operationId: 'oipModelReady' }
  app.get('/v2/models/:model/ready', { schema: modelReady }, async (request, reply) => {
    const ready = await isReady(request, request.params)
    return reply.code(ready ? 200 : 503).send({ name: request.params.model, ready })
  })
  const versionReady = { ...versionSchema, ...readiness, operationId: 'oipModelVersionReady' }
  app.get(
    '/v2/models/:model/versions/:version/ready',
    { schema: versionReady },
    async (request, reply) => {
      const ready = await isReady(request, request.params)
      return reply.code(ready ? 200 : 503).send({ name: request.params.model, ready })
    },
  )
}
