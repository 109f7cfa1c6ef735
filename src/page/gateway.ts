import {
  DetectionClient,
  type DetectionStream,
  GatewayProblem,
  type JsonParameters,
} from '../client/client.js'
import type { DetectResponse, Model } from '../client/wire.js'

const KEY_ITEM = 'detection-gateway-key'

/** Everything above this score comes with an answer, so that the slider needs no further request. */
const ASKED_SCORE = 0.05

/** The gateway that serves this page, with the key, model and version that were chosen on it. */
export class PageGateway {
  /** Empty for the default model. */
  model = ''
  /** Empty for the latest. */
  version = ''
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

  models(): Promise<readonly Model[]> {
    return this.#client().models()
  }

  /** Finds everything in a photo; a frame of the camera is not worth a second attempt. */
  detect(image: Blob, { retries = 3, signal }: { retries?: number; signal?: AbortSignal } = {}) {
    const parameters = { ...this.choice, min_score: ASKED_SCORE } as JsonParameters
    return this.#client(retries).detect(image, parameters, { signal }) as Promise<DetectResponse>
  }

  /** Opens a stream for the camera's frames; `undefined` where there is none, of whose reason browsers tell nothing. */
  async openStream(signal: AbortSignal): Promise<DetectionStream | undefined> {
    const parameters = { ...this.choice, min_score: ASKED_SCORE } as JsonParameters
    try {
      return await this.#client().stream(parameters, { signal })
    } catch {
      signal.throwIfAborted()
      return undefined
    }
  }

  /** The photo as a JPEG with the boxes drawn on it that `parameters` leave. */
  picture(image: Blob, parameters: JsonParameters): Promise<Blob> {
    const asked = { ...this.choice, ...parameters, format: 'jpeg' as const, quality: 92 }
    return this.#client().detectFile(image, asked)
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
