import {
  DetectionClient,
  type DetectionStream,
  GatewayProblem,
  type JsonParameters,
} from '../client/client.js'
import type { Model } from '../client/wire.js'
import { type Answer, type Task, taskOf } from './answer.js'

const KEY_ITEM = 'detection-gateway-key'

/** Everything above this score comes with an answer, so that the slider needs no further request. */
const ASKED_SCORE = 0.05

/** Most classes that the page offers to show; all of them come with an answer. */
const ASKED_CLASSES = 20

/** The gateway that serves this page, with the key, model and version that were chosen on it. */
export class PageGateway {
  /** Empty for the default model. */
  model = ''
  /** Empty for the latest. */
  version = ''
  /** The models that there are; none until they were read. */
  known: readonly Model[] = []
  /** Where the gateway answers, which a proxy may have put below a path. */
  readonly url = new URL('.', location.href).href.replace(/\/$/, '')

  /** The API key of this browser session; empty for none. */
  get key(): string {
    try {
      return sessionStorage.getItem(KEY_ITEM) ?? ''
    } catch {
      return this.#unstoredKey
    }
  }

  set key(key: string) {
    this.#unstoredKey = key
    try {
      if (key === '') sessionStorage.removeItem(KEY_ITEM)
      else sessionStorage.setItem(KEY_ITEM, key)
    } catch {
      // Browsers that keep nothing for this page still have the key until it is left.
    }
  }

  #unstoredKey = ''

  /** What is said of model and version in a request. */
  get choice(): JsonParameters {
    return {
      ...(this.model !== '' && { model: this.model }),
      ...(this.version !== '' && { version: this.version }),
    }
  }

  /** What the chosen model does with a photo. */
  get task(): Task {
    const chosen = ({ name, default: isDefault }: Model) =>
      this.model === '' ? isDefault : name === this.model
    return taskOf(this.known.find(chosen))
  }

  models(): Promise<readonly Model[]> {
    return this.#client().models()
  }

  /** Has a photo looked at, for all that the page may show; a frame of the camera is not worth a second attempt. */
  look(
    image: Blob,
    { retries = 3, signal }: { retries?: number; signal?: AbortSignal } = {},
  ): Promise<Answer> {
    const client = this.#client(retries)
    const { choice, task } = this
    if (task === 'image-regression') return client.regress(image, choice, { signal })
    if (task === 'image-classification') {
      const all = { ...choice, top_k: ASKED_CLASSES, min_score: 0 }
      return client.classify(image, all, { signal })
    }
    return client.detect(image, { ...choice, min_score: ASKED_SCORE }, { signal })
  }

  /**
   * Opens a stream for the camera's frames; `undefined` where there is none, of whose reason browsers tell nothing, and
   * for models that do not detect, which streams do not take.
   */
  async openStream(signal: AbortSignal): Promise<DetectionStream | undefined> {
    if (this.task !== 'object-detection') return undefined
    const parameters = { ...this.choice, min_score: ASKED_SCORE } as JsonParameters
    try {
      return await this.#client().stream(parameters, { signal })
    } catch {
      signal.throwIfAborted()
      return undefined
    }
  }

  /** The photo as a JPEG without boxes, for browsers that cannot show it; `undefined` where no model draws pictures. */
  async plainPicture(image: Blob): Promise<Blob | undefined> {
    // No score is above 1, so that the picture comes without boxes.
    const parameters = { min_score: 1 }
    if (this.task === 'object-detection') return await this.picture(image, parameters)
    const drawing = this.known.find(
      (it) => it.task === 'object-detection' && it.state === 'AVAILABLE',
    )
    if (drawing === undefined) return undefined
    return await this.#picture(image, { model: drawing.name, ...parameters })
  }

  /** The photo as a JPEG with the boxes drawn on it that `parameters` leave. */
  picture(image: Blob, parameters: JsonParameters): Promise<Blob> {
    return this.#picture(image, { ...this.choice, ...parameters })
  }

  #picture(image: Blob, parameters: JsonParameters): Promise<Blob> {
    return this.#client().detectFile(image, { ...parameters, format: 'jpeg', quality: 92 })
  }

  #client(retries = 3): DetectionClient {
    return new DetectionClient(this.url, { retries, apiKey: this.key || undefined })
  }
}

/** Says any failure as the gateway's own are said. */
export function toProblem(error: unknown): GatewayProblem {
  if (error instanceof GatewayProblem) return error
  const message = error instanceof Error ? error.message : String(error)
  return new GatewayProblem(message, { code: 'unexpected_answer', cause: error })
}
