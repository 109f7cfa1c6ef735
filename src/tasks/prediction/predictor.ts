import { GatewayError } from '../../errors.js'
import type { ModelCard } from '../../repository/model-card.js'
import type { Signature, Tensor, Tensors } from '../../serving/model-server.js'
import { isNumericType, RAW_TYPES } from '../../serving/raw-elements.js'
import type { Deadline } from '../deadline.js'
import { completeSignature } from '../image/complete-signature.js'
import { readFirst, takesExamples } from '../image/example-signature.js'
import {
  type ImageFacts,
  type ImagePlan,
  type ImageRequest,
  imageFacts,
  type PreparedJob,
} from '../image/image-job.js'
import type { ImagePipeline } from '../image/image-pipeline.js'
import type { ImageTask } from '../image/image-task.js'
import {
  type InputSignature,
  readInputSignature,
  type SignatureOwner,
  signatureMismatch,
} from '../image/input-signature.js'
import type { Timings } from '../image/stopwatch.js'

/** What is asked of any model that takes an image. */
export interface PredictOptions extends ImageRequest {
  /** Wire names of the outputs; all unless given. */
  readonly outputs?: readonly string[] | undefined
}

/** A model of any task as one request sees it. */
export interface PredictionPlan extends ImagePlan {
  readonly outputs: readonly string[]
}

/** What a model answered for one image, as it answered. */
export interface PredictionResult {
  readonly model: { readonly name: string; readonly version: string; readonly signature: string }
  readonly image: ImageFacts
  /** By their wire names, with the batch dimension (1) where the model has one. */
  readonly outputs: Tensors
  readonly timingsMs: Timings
}

/** Gives the bare outputs of a model for one image. */
export class Predictor implements ImageTask<PredictOptions, PredictionPlan, PredictionResult> {
  readonly pipeline: ImagePipeline
  readonly #maxBytes: number

  /** `maxBytes` bounds the outputs of one image. */
  constructor(pipeline: ImagePipeline, maxBytes: number) {
    this.pipeline = pipeline
    this.#maxBytes = maxBytes
  }

  /**
   * Throws `invalid_parameter` (400) for outputs that the model does not have, and `answer_too_large` (422) where those of
   * a known size are over the limit.
   */
  withPlan<T>(
    options: PredictOptions,
    deadline: Deadline,
    work: (plan: PredictionPlan) => Promise<T>,
  ): Promise<T> {
    const { model } = options.selector
    return this.pipeline.withSignatures({ options, deadline }, async (signatures, card) => {
      const { declared, signature } = readPredictionSignature(model, signatures, card)
      const outputs = chooseOutputs(declared, options.outputs, card)
      const sizes = outputs.map((name) => knownBytes(declared.outputs[name], signature.batched))
      this.#refuseLarge(sizes.reduce((sum, bytes) => sum + bytes, 0))
      return work({ options, deadline, signature, card, outputs })
    })
  }

  /** Takes one image: what a model says of several is not told apart without knowing its task. */
  async predict(jobs: readonly PreparedJob[], plan: PredictionPlan): Promise<PredictionResult[]> {
    const [job, ...others] = jobs
    if (job === undefined || others.length > 0) throw new TypeError('Expected one image')
    const { version, outputs } = await this.pipeline.calls.predict(jobs, plan, plan.outputs)
    this.#refuseLarge(Object.values(outputs).reduce((sum, it) => sum + bytesOf(it), 0))
    this.pipeline.finish(job, plan)
    const { name } = plan.signature
    return [
      {
        model: { name: plan.options.selector.model, version, signature: name },
        image: imageFacts(job.header),
        outputs,
        timingsMs: job.stopwatch.timings(),
      },
    ]
  }

  #refuseLarge(bytes: number): void {
    if (bytes <= this.#maxBytes) return
    throw new GatewayError(
      'answer_too_large',
      `The outputs take ${bytes} bytes; the limit is ${this.#maxBytes} (PREDICT_MAX_BYTES). "outputs" names those that are wanted`,
    )
  }
}

/** A signature that takes an image, as the model declares it and as it is asked. */
interface PredictionSignature {
  readonly declared: Signature
  readonly signature: InputSignature
}

/**
 * Merges a model's signatures and its card into what bare prediction needs to know. Throws `signature_mismatch` (502) where
 * none takes an image as it is.
 */
export function readPredictionSignature(
  model: string,
  signatures: ReadonlyMap<string, Signature>,
  card: ModelCard | undefined,
): PredictionSignature {
  const owner = { model, task: 'prediction on images' }
  return readFirst(owner, signatures, card, (it) => readOne(owner, it, card))
}

function readOne(
  owner: SignatureOwner,
  given: Signature,
  card: ModelCard | undefined,
): PredictionSignature {
  const tasks = ['classify', 'regress'] as const
  const task = tasks.find((it) => takesExamples(given, `tensorflow/serving/${it}`, card))
  if (task !== undefined) {
    const found = `one that takes tf.Examples; send the image to /v1/${task}`
    throw signatureMismatch(owner, 'a signature that takes an image', found)
  }
  const declared = completeSignature(given, card)
  return { declared, signature: readInputSignature(owner, declared, card) }
}

/** The outputs to ask for: those wanted, else all that can be read; of a server that declares none, the card's. */
export function chooseOutputs(
  { outputs }: Signature,
  wanted: readonly string[] | undefined,
  card: ModelCard | undefined,
): readonly string[] {
  const declared = Object.keys(outputs)
  const known = declared.length > 0 ? declared : Object.values(card?.outputs ?? {})
  const names = wanted ?? known.filter((name) => isReadable(outputs[name]?.dtype))
  if (names.length === 0) {
    throw wrongOutputs('must name the outputs: the model server declares none')
  }
  const unknown = names.filter((name) => declared.length > 0 && !declared.includes(name))
  if (unknown.length === 0) return names
  const some = unknown.slice(0, 20).map((name) => `"${name}"`)
  throw wrongOutputs(`names ${some.join(', ')}; the model has ${declared.join(', ')}`)
}

function isReadable(dtype: string | undefined): boolean {
  return dtype === undefined || dtype === 'DT_STRING' || isNumericType(dtype)
}

function wrongOutputs(message: string): GatewayError {
  return new GatewayError('invalid_parameter', `"outputs" ${message}`, {
    fields: [{ field: 'outputs', message }],
  })
}

/** Bytes of an output for one image, as far as its signature tells: 0 where a dimension is free. */
function knownBytes(info: Signature['outputs'][string] | undefined, batched: boolean): number {
  if (info === undefined || info.shape === null || !isNumericType(info.dtype)) return 0
  const inner = batched && info.shape[0] === -1 ? info.shape.slice(1) : info.shape
  if (inner.some((side) => side < 0)) return 0
  return inner.reduce((product, side) => product * side, RAW_TYPES[info.dtype].bytes)
}

function bytesOf(tensor: Tensor): number {
  if (tensor.dtype !== 'DT_STRING') return tensor.data.byteLength
  return tensor.data.reduce((sum, { length }) => sum + length, 0)
}
