import { GatewayError } from '../errors.js'
import type { ModelCard } from '../repository/model-card.js'
import type { ModelServer, Tensors } from '../serving/model-server.js'
import type { DetectionSignature } from '../tasks/detection/detection-signature.js'
import { type Candidate, readCandidates } from '../tasks/detection/postprocess.js'
import { type AnswerForm, addAnswer, NO_ANSWER } from './doctor-answer.js'
import { choosePhotos, type PreparedPhoto, preparePhoto } from './model-photos.js'

/** What is tried, and with what. */
export interface ProbeOptions {
  readonly server: ModelServer
  readonly model: string
  readonly signature: DetectionSignature
  readonly card: ModelCard | undefined
  readonly photos: readonly string[]
  readonly timeoutMs: number
}

/** What a model answered. */
export interface Probe {
  readonly version: string
  readonly firstMs: number
  /** Of the quickest of the calls after the first. */
  readonly laterMs: number
  readonly requestBytes: number
  /** Bytes of the numbers in the answer. */
  readonly answerBytes: number
  /** Class ids of everything found, however unlikely. */
  readonly classIds: ReadonlySet<number>
  readonly form: AnswerForm
}

/** Calls of each photo: the first shows what a cold model takes, the quickest of the others what a warm one does. */
const CALLS = 4

/** Sends photos, or synthetic images, through a model as the gateway does. Throws `GatewayError` as that would. */
export async function probeModel(options: ProbeOptions): Promise<Probe> {
  const { signature, card } = options
  const times: number[] = []
  const classIds = new Set<number>()
  let requestBytes = 0
  let answerBytes = 0
  let version = ''
  let form = NO_ANSWER
  for await (const photo of choosePhotos(options.photos, signature, card)) {
    const prepared = await preparePhoto(photo, signature, card)
    requestBytes = Math.max(requestBytes, tensorBytes(prepared))
    for (let call = 0; call < CALLS; call++) {
      const startedAt = performance.now()
      const answer = await send(options, prepared)
      times.push(performance.now() - startedAt)
      version = answer.version
      answerBytes = Math.max(answerBytes, outputBytes(answer.outputs))
      const found = readFound(answer.outputs, signature, prepared)
      // Rows that only fill the answer up have no score.
      for (const { classId, score } of found) if (score > 0) classIds.add(classId)
      form = addAnswer(form, answer.outputs, signature, found)
    }
  }
  const [firstMs = 0, ...later] = times
  const laterMs = Math.min(...later)
  return { version, firstMs, laterMs, requestBytes, answerBytes, classIds, form }
}

function send(options: ProbeOptions, { tensor }: PreparedPhoto) {
  const { server, model, signature, timeoutMs } = options
  return server.predict(
    {
      selector: { model },
      signature: signature.name,
      inputs: { [signature.input]: tensor },
      outputs: Object.values(signature.outputs),
    },
    { deadline: Date.now() + timeoutMs },
  )
}

function readFound(
  outputs: Tensors,
  signature: DetectionSignature,
  { header, input }: PreparedPhoto,
): Candidate[] {
  const image = { size: header, tensor: input.size, transform: input.transform }
  return readCandidates(outputs, signature, { index: 0, count: 1 }, image)
}

function tensorBytes({ tensor }: PreparedPhoto): number {
  return outputBytes({ tensor })
}

function outputBytes(tensors: Tensors): number {
  return Object.values(tensors).reduce((sum, tensor) => {
    if (tensor.dtype !== 'DT_STRING') return sum + tensor.data.byteLength
    return sum + tensor.data.reduce((bytes, text) => bytes + text.length, 0)
  }, 0)
}

/** Narrows an error to one that has a name in the gateway; anything else is a bug. */
export function asGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  throw error
}
