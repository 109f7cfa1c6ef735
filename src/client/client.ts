import { Deadline } from './deadline.js'
import { type ImageInput, toForm } from './form.js'
import { GatewayProblem, readProblem } from './gateway-problem.js'
import { readLines } from './lines.js'
import { type RetryOptions, retryDelay, wait } from './retry.js'
import { DetectionStream, type StreamOptions } from './stream.js'
import type {
  BatchItem,
  ClassifyItem,
  ClassifyParameters,
  ClassifyResponse,
  DetectParameters,
  DetectResponse,
  LabelsResponse,
  Model,
  ModelResponse,
  ModelsResponse,
  RegressItem,
  RegressParameters,
  RegressResponse,
} from './wire.js'

export type { ImageInput } from './form.js'
export { type ClientCode, type ErrorCode, GatewayProblem } from './gateway-problem.js'
export { DetectionStream, type StreamOptions } from './stream.js'
export type {
  BatchItem,
  Classification,
  ClassifyItem,
  ClassifyParameters,
  ClassifyResponse,
  Detection,
  DetectParameters,
  DetectResponse,
  LabelsResponse,
  Model,
  ModelResponse,
  Problem,
  RegressItem,
  RegressParameters,
  RegressResponse,
  StreamFailure,
  StreamMessage,
  StreamResult,
} from './wire.js'

/** How a client speaks to its gateway. */
export interface ClientOptions extends Partial<RetryOptions> {
  /** Sent as `authorization: Bearer`. */
  readonly apiKey?: string | undefined
  /** Longest wait for an answer, and in a batch for the next result, in milliseconds (default 60000); Infinity for none. */
  readonly timeoutMs?: number
  /** Used in place of the platform's `fetch`. */
  readonly fetch?: typeof fetch
}

/** What can be said about one call. */
export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** In place of the client's own. */
  readonly timeoutMs?: number
}

/** Parameters of answers that are JSON. */
export type JsonParameters = Omit<DetectParameters, 'format'>

/** The answer formats that are files. */
export type FileFormat = Exclude<NonNullable<DetectParameters['format']>, 'json'>

/** Parameters of answers that are files. */
export type FileParameters = JsonParameters & { readonly format: FileFormat }

const DEFAULTS = { retries: 3, maxRetryDelayMs: 30_000, timeoutMs: 60_000 }

/**
 * A detection gateway, from a browser or from Node. Methods reject with `GatewayProblem`, or with the reason of an
 * aborted signal. A gateway that is busy (429, 503) is asked again after its `retry-after`.
 */
export class DetectionClient {
  readonly #base: string
  readonly #apiKey: string | undefined
  readonly #headers: Readonly<Record<string, string>>
  readonly #options: RetryOptions & { readonly timeoutMs: number }
  readonly #fetch: typeof fetch

  /** `url` is where the gateway answers, with the path below which it does where a proxy gave it one. */
  constructor(url: string | URL, options: ClientOptions = {}) {
    const { apiKey, fetch: own, ...rest } = options
    this.#base = String(url).replace(/\/+$/, '')
    this.#apiKey = apiKey
    this.#headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
    this.#options = { ...DEFAULTS, ...rest }
    // Browsers refuse a fetch that is called as a method of something else.
    this.#fetch = own ?? ((input, init) => fetch(input, init))
  }

  /** Finds objects in one image. */
  detect(
    image: ImageInput,
    parameters: JsonParameters = {},
    options: CallOptions = {},
  ): Promise<DetectResponse> {
    const body = toForm([image], parameters)
    return this.#json('/v1/detect', options, { method: 'POST', body })
  }

  /** Finds objects in one image and gives the answer as a file, such as the picture with the boxes drawn on it. */
  detectFile(
    image: ImageInput,
    parameters: FileParameters,
    options: CallOptions = {},
  ): Promise<Blob> {
    const init = { method: 'POST', body: toForm([image], parameters), headers: { accept: '*/*' } }
    return this.#call('/v1/detect', options, init, (response) => response.blob())
  }

  /**
   * Finds objects in many images by one request and gives each result as it is ready; `index` tells which image it is.
   * An image that fails has `error` in place of its detections, and the others go on. Leaving the loop ends the request.
   */
  detectBatch(
    images: Iterable<ImageInput>,
    parameters: JsonParameters = {},
    options: CallOptions = {},
  ): AsyncGenerator<BatchItem, void> {
    return this.#batch('/v1/detect/batch', images, parameters, options)
  }

  /** Says what one image shows, by a model that classifies. */
  classify(
    image: ImageInput,
    parameters: ClassifyParameters = {},
    options: CallOptions = {},
  ): Promise<ClassifyResponse> {
    const body = toForm([image], parameters)
    return this.#json('/v1/classify', options, { method: 'POST', body })
  }

  /** Says what many images show, as `detectBatch` does. */
  classifyBatch(
    images: Iterable<ImageInput>,
    parameters: ClassifyParameters = {},
    options: CallOptions = {},
  ): AsyncGenerator<ClassifyItem, void> {
    return this.#batch('/v1/classify/batch', images, parameters, options)
  }

  /** Gives the number of one image, by a model that gives one. */
  regress(
    image: ImageInput,
    parameters: RegressParameters = {},
    options: CallOptions = {},
  ): Promise<RegressResponse> {
    const body = toForm([image], parameters)
    return this.#json('/v1/regress', options, { method: 'POST', body })
  }

  /** Gives the numbers of many images, as `detectBatch` does. */
  regressBatch(
    images: Iterable<ImageInput>,
    parameters: RegressParameters = {},
    options: CallOptions = {},
  ): AsyncGenerator<RegressItem, void> {
    return this.#batch('/v1/regress/batch', images, parameters, options)
  }

  /** Opens a stream of pictures, such as a camera's; a refusal is not tried again. */
  stream(parameters: JsonParameters = {}, options: StreamOptions = {}): Promise<DetectionStream> {
    return DetectionStream.open({ base: this.#base, apiKey: this.#apiKey, parameters, options })
  }

  /** Every model that can be asked for. */
  async models(options: CallOptions = {}): Promise<readonly Model[]> {
    return (await this.#json<ModelsResponse>('/v1/models', options)).models
  }

  /** One model, with its signature. */
  model(name: string, options: CallOptions = {}): Promise<ModelResponse> {
    return this.#json(`/v1/models/${encodeURIComponent(name)}`, options)
  }

  /** The names of a model's classes, by class id. */
  async labels(name: string, options: CallOptions = {}): Promise<LabelsResponse['labels']> {
    const path = `/v1/models/${encodeURIComponent(name)}/labels`
    return (await this.#json<LabelsResponse>(path, options)).labels
  }

  /** Gives each result of a batch as it is ready. */
  async *#batch<Item>(
    path: string,
    images: Iterable<ImageInput>,
    parameters: object,
    options: CallOptions,
  ): AsyncGenerator<Item, void> {
    const inputs = [...images]
    const init = {
      method: 'POST',
      body: toForm(inputs, parameters),
      headers: { accept: 'application/x-ndjson' },
    }
    const { response, deadline } = await this.#open(path, options, init)
    let missing = inputs.length
    try {
      for await (const line of readLines(response.body!)) {
        missing -= 1
        // What the caller does with a result takes no time from the gateway.
        deadline.pause()
        yield parseJson<Item>(line, response)
        deadline.restart()
      }
      if (missing > 0) throw new Error(`the stream ended ${missing} results early`)
    } catch (error) {
      throw deadline.explain(error)
    } finally {
      deadline.close()
    }
  }

  #json<T>(path: string, options: CallOptions, init: RequestInit = {}): Promise<T> {
    const asked = { ...init, headers: { accept: 'application/json' } }
    return this.#call(path, options, asked, async (response) =>
      parseJson<T>(await response.text(), response),
    )
  }

  async #call<T>(
    path: string,
    options: CallOptions,
    init: RequestInit,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const { response, deadline } = await this.#open(path, options, init)
    try {
      return await read(response)
    } catch (error) {
      throw deadline.explain(error)
    } finally {
      deadline.close()
    }
  }

  /** Sends a request until it is answered well. Whoever reads the answer closes its deadline. */
  async #open(path: string, options: CallOptions, init: RequestInit) {
    for (let attempt = 0; ; attempt += 1) {
      const deadline = new Deadline(options.timeoutMs ?? this.#options.timeoutMs, options.signal)
      try {
        const response = await this.#send(path, init, deadline.signal)
        if (response.ok) return { response, deadline }
        throw await readProblem(response)
      } catch (error) {
        const explained = deadline.explain(error)
        deadline.close()
        const delay = retryDelay(explained, attempt, this.#options)
        if (delay === undefined) throw explained
        await wait(delay, options.signal)
      }
    }
  }

  async #send(path: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
    // Node 24 starts to read the form all the same, and rejects where nobody can catch it.
    signal.throwIfAborted()
    const headers = { ...this.#headers, ...(init.headers as Record<string, string>) }
    return this.#fetch(`${this.#base}${path}`, { ...init, headers, signal })
  }
}

function parseJson<T>(text: string, { status, headers }: Response): T {
  try {
    return JSON.parse(text) as T
  } catch (cause) {
    throw new GatewayProblem('The answer is no JSON, so it is not the gateway’s', {
      code: 'unexpected_answer',
      status,
      requestId: headers.get('x-request-id') ?? undefined,
      cause,
    })
  }
}
