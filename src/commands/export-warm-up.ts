import { GatewayError } from '../errors.js'
import { ExportError } from '../export/export-error.js'
import { type ExampleWarmUp, MAX_WARM_UP_RECORDS, type WarmUpRequest } from '../export/warm-up.js'
import type { WarmUpTensor } from '../export/warm-up-tensor.js'
import type { SignatureSummary, TensorSummary } from '../export/written-version.js'
import type { ModelCard } from '../repository/model-card.js'
import type { Signature, TensorInfo } from '../serving/model-server.js'
import { toClassificationRequest, toRegressionRequest } from '../serving/tf-serving/examples.js'
import type { InputSignature } from '../tasks/image/input-signature.js'
import { type KnownModel, readModel } from '../tasks/model-task.js'
import { chooseOutputs, readPredictionSignature } from '../tasks/prediction/predictor.js'
import { choosePhotos, type PreparedPhoto, preparePhoto } from './model-photos.js'

/** A model for which warm-up requests are made. */
export interface WarmUpModel {
  readonly name: string
  readonly signatures: readonly SignatureSummary[]
  readonly card: ModelCard | undefined
}

/** Turns the signatures of a version into those that the gateway's tasks read. */
export function toSignatures(
  summaries: readonly SignatureSummary[],
): ReadonlyMap<string, Signature> {
  return new Map(
    summaries.map(({ name, method, inputs, outputs }) => [
      name,
      { name, method, inputs: toInfos(inputs), outputs: toInfos(outputs) },
    ]),
  )
}

function toInfos(tensors: readonly TensorSummary[]): Record<string, TensorInfo> {
  return Object.fromEntries(tensors.map(({ name, dtype, shape }) => [name, { dtype, shape }]))
}

/** What a model is asked with: how its input looks, and a request around a photo that was made ready for it. */
interface Question {
  readonly input: InputSignature
  readonly ask: (photo: PreparedPhoto) => WarmUpRequest
}

/**
 * Makes warm-up requests out of photos, or out of synthetic images where none are given: decoded, sized and asked just as
 * the gateway does for the model's task. Throws `ExportError` for a photo that cannot be used, and for a model that takes
 * no image.
 */
export async function makeWarmUpRequests(
  model: WarmUpModel,
  photos: readonly string[],
): Promise<WarmUpRequest[]> {
  if (photos.length > MAX_WARM_UP_RECORDS) {
    throw new ExportError(`TF-Serving takes ${MAX_WARM_UP_RECORDS} warm-up requests at most`)
  }
  const { input, ask } = questionOf(model)
  const requests: WarmUpRequest[] = []
  for await (const photo of choosePhotos(photos, input, model.card)) {
    requests.push(ask(await preparePhoto(photo, input, model.card)))
  }
  return requests
}

function questionOf(model: WarmUpModel): Question {
  const signatures = toSignatures(model.signatures)
  try {
    return taskQuestion(model, readModel(model.name, signatures, model.card))
  } catch (cause) {
    if (!(cause instanceof GatewayError)) throw cause
    const bare = model.card?.task === undefined ? bareQuestion(model, signatures) : undefined
    if (bare !== undefined) return bare
    throw new ExportError(`No warm-up can be made: ${cause.message}`, { cause })
  }
}

function taskQuestion({ name }: WarmUpModel, { task, signature }: KnownModel): Question {
  if ('outputs' in signature) {
    return predictQuestion(name, signature, Object.values(signature.outputs))
  }
  const { asking } = signature
  if (asking.method === 'examples') {
    const method = task === 'image-regression' ? 'regress' : 'classify'
    return exampleQuestion(name, signature, { method, feature: asking.feature })
  }
  const { outputs } = asking
  const names: (string | undefined)[] =
    typeof outputs === 'string' ? [outputs] : [outputs.scores, outputs.classes]
  return predictQuestion(
    name,
    signature,
    names.filter((it) => it !== undefined),
  )
}

/** How `/v1/predict` asks, which is all that a model of no task can be asked; `undefined` for one that takes no image. */
function bareQuestion(
  { name, card }: WarmUpModel,
  signatures: ReadonlyMap<string, Signature>,
): Question | undefined {
  try {
    const { declared, signature } = readPredictionSignature(name, signatures, card)
    return predictQuestion(name, signature, chooseOutputs(declared, undefined, card))
  } catch (error) {
    if (error instanceof GatewayError) return undefined
    throw error
  }
}

function predictQuestion(
  model: string,
  input: InputSignature,
  outputs: readonly string[],
): Question {
  return {
    input,
    ask: ({ tensor }) => ({
      method: 'predict',
      model,
      signature: input.name,
      // Shapes, bytes and types of an image's tensor are among those that a warm-up can have.
      inputs: { [input.input]: tensor as WarmUpTensor },
      outputs,
    }),
  }
}

function exampleQuestion(
  model: string,
  input: InputSignature,
  { method, feature }: { readonly method: ExampleWarmUp['method']; readonly feature: string },
): Question {
  const toCall = (image: Uint8Array) => ({
    selector: { model },
    signature: input.name,
    feature,
    images: [image],
  })
  return {
    input,
    ask: (photo) => {
      const call = toCall(photo.input.data)
      return method === 'regress'
        ? { method, request: toRegressionRequest(call) }
        : { method, request: toClassificationRequest(call) }
    },
  }
}
