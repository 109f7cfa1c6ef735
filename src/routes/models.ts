import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { LabelMap } from '../repository/model-card.js'
import {
  LabelsResponse,
  type Model,
  ModelResponse,
  ModelsResponse,
} from '../schemas/model-responses.js'
import { problemResponses } from '../schemas/problem.js'
import { ModelPath } from '../schemas/requests.js'
import type { CallOptions } from '../serving/model-server.js'
import { classNames } from '../tasks/classification/class-names.js'
import type { ModelDescription } from '../tasks/model-catalog.js'
import { toVersionStatus } from './compat/tfserving-answer.js'

const tags = ['models']
const problems = problemResponses(
  'invalid_parameter',
  'model_not_found',
  'upstream_unavailable',
  'deadline_exceeded',
)

function toInput({ signature, input }: ModelDescription): Model['input'] {
  const info = input === null ? undefined : signature?.inputs[input]
  if (input === null || info === undefined) return null
  return {
    name: input,
    dtype: info.dtype,
    shape: info.shape === null ? null : [...info.shape],
    kind: info.dtype === 'DT_STRING' ? 'encoded' : 'pixels',
  }
}

function toModel(model: ModelDescription): Model {
  return {
    name: model.name,
    default: model.isDefault,
    state: model.state,
    reason: model.reason,
    versions: model.versions.map((version) => ({ ...version })),
    task: model.task,
    input: toInput(model),
    label_count: model.card?.labels?.size ?? 0,
  }
}

/** The names of classes by the ids that answers give; only those of classifiers are moved. */
function labelsOf({ task, card }: ModelDescription): LabelMap | null {
  return task === 'image-classification' ? classNames(card).labels : (card?.labels ?? null)
}

function toTensors(tensors: NonNullable<ModelDescription['signature']>['inputs']) {
  const entries = Object.entries(tensors).map(([name, { dtype, shape }]) => [
    name,
    { dtype, shape: shape === null ? null : [...shape] },
  ])
  return Object.fromEntries(entries) as Record<string, { dtype: string; shape: number[] | null }>
}

function toSignature({ signature }: ModelDescription): ModelResponse['signature'] {
  if (signature === null) return null
  const { name, method, inputs, outputs } = signature
  return { name, method, inputs: toTensors(inputs), outputs: toTensors(outputs) }
}

export interface ModelRoutesOptions {
  /** Whether one model's answer carries TensorFlow Serving's own status too. */
  readonly asTfServing: boolean
}

/** What models there are, what they take, and the names of their classes. */
export const modelRoutes: FastifyPluginAsyncZod<ModelRoutesOptions> = async (
  app,
  { asTfServing },
) => {
  /** Runs a question to the model server within the deadline of a request. */
  const ask = <T>(request: FastifyRequest, question: (call: CallOptions) => Promise<T>) =>
    app.withDeadline(request, {}, ({ at, signal }) => question({ deadline: at, signal }))

  const list = {
    operationId: 'listModels',
    summary: 'Every model that can be asked for',
    tags,
    response: { 200: ModelsResponse },
  }
  app.get('/v1/models', { schema: list }, async (request) => ({
    models: (await ask(request, (call) => app.catalog.list(call))).map(toModel),
  }))

  const one = {
    operationId: 'getModel',
    summary: 'One model with its signature',
    tags,
    params: ModelPath,
    response: { 200: ModelResponse, ...problems },
  }
  // With a colon it is a route of the door, which answers another method.
  const path = asTfServing ? '/v1/models/:model(^[^:/]+)' : '/v1/models/:model'
  app.get(path, { schema: one }, async (request) => {
    const { model: name } = request.params
    const model = await ask(request, (call) => app.catalog.describe(name, call))
    const answer = { ...toModel(model), signature: toSignature(model) }
    if (!asTfServing) return answer
    const versions = await ask(request, (call) => app.catalog.versions(name, call))
    return { ...answer, model_version_status: toVersionStatus(versions) }
  })

  const labels = {
    operationId: 'getLabels',
    summary: 'The names of the classes of a model',
    tags,
    params: ModelPath,
    response: { 200: LabelsResponse, ...problems },
  }
  app.get('/v1/models/:model/labels', { schema: labels }, async (request) => {
    const model = await ask(request, (call) => app.catalog.describe(request.params.model, call))
    return { labels: [...(labelsOf(model) ?? [])].map(([id, name]) => ({ id, name })) }
  })
}
