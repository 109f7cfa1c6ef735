import { GatewayError } from '../../errors.js'
import { freeMemory } from '../../free-memory.js'
import { decodePicture } from '../../imaging/decode.js'
import { decodeBytes } from '../../imaging/decoder-memory.js'
import type { CallOptions, ModelServer, Prediction, Tensor } from '../../serving/model-server.js'
import type { Asked, ImagePlan, PreparedJob } from './image-job.js'
import type { ImageSlots } from './image-slots.js'
import { toInputTensor } from './model-input.js'

/** The calls to the model server that carry images. */
export class ModelCalls {
  readonly server: ModelServer
  readonly #slots: ImageSlots

  constructor(server: ModelServer, slots: ImageSlots) {
    this.server = server
    this.#slots = slots
  }

  /** Sends images of one size in one Predict call, which asks for the outputs named. */
  predict(
    jobs: readonly PreparedJob[],
    plan: ImagePlan,
    outputs: readonly string[],
  ): Promise<Prediction> {
    const { signature, options, card } = plan
    return this.send(jobs, plan, async (call) => {
      const inputs = jobs.map((job) => job.input)
      const tensor = await toInputTensor(inputs, signature, card?.input ?? {})
      const answer = await this.server.predict(
        {
          selector: options.selector,
          signature: signature.name,
          inputs: { [signature.input]: tensor },
          outputs,
        },
        call,
      )
      freeSent(jobs, tensor)
      return answer
    })
  }

  /**
   * Runs one call to the model server that carries the images. Where the server refuses a single upload that was sent as
   * it came, and the upload is damaged, it was not the call that was wrong: throws `image_undecodable` (422).
   */
  async send<T>(
    jobs: readonly PreparedJob[],
    plan: ImagePlan,
    call: (options: CallOptions) => Promise<T>,
  ): Promise<T> {
    try {
      const answer = await call(callOptions(plan))
      for (const { stopwatch } of jobs) stopwatch.lap('predict')
      return answer
    } catch (error) {
      const [job] = jobs
      if (job !== undefined && jobs.length === 1 && isRejected(error)) {
        await this.#refuseDamaged(job, plan)
      }
      throw error
    }
  }

  async #refuseDamaged(job: PreparedJob, plan: ImagePlan): Promise<void> {
    const { upload, header, input } = job
    if (input.data !== upload) return
    const decode = () => decodePicture(upload, header, 1, this.#slots.decodeTimeout(plan.deadline))
    const need = { bytes: decodeBytes(header, { width: 1, height: 1 }), action: 'decode' }
    await this.#slots.run(job, need, plan, decode)
  }
}

/** What a call to the model server takes over from the request that it is made for. */
export function callOptions({ options, deadline }: Asked): CallOptions {
  return { deadline: deadline.at, signal: deadline.signal, traceparent: options.traceparent }
}

function isRejected(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'upstream_rejected'
}

/** Gives back the memory of what the model has answered: the tensor and what it was made of, but no upload. */
function freeSent(jobs: readonly PreparedJob[], { data }: Tensor): void {
  if (ArrayBuffer.isView(data)) freeMemory(data)
  for (const { input, upload } of jobs) if (input.data !== upload) freeMemory(input.data)
}
