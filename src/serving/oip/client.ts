import { type MethodDefinition, type ServiceError, status } from '@grpc/grpc-js'
import { GatewayError } from '../../errors.js'
import { askAgain, type CallFailure } from '../ask-again.js'
import { changingVersions, toUnservedError } from '../missing-model.js'
import type {
  CallOptions,
  ModelMetadata,
  ModelSelector,
  ModelServer,
  ModelVersionStatus,
  PredictCall,
  Prediction,
} from '../model-server.js'
import type { UpstreamChannel } from '../upstream-channel.js'
import { readOutputs, setInputs } from './codec.js'
import { ModelStates } from './model-states.js'
import { toSignature } from './signature.js'
import { mayMissModel, toGatewayError } from './status.js'
import {
  GRPCInferenceServiceService as Methods,
  ModelInferRequest,
  ModelMetadataRequest,
} from './stubs.js'

/** Codes that speak of nothing but the model: where it is served after all, another server said so. */
const MEANS_MISSING: readonly ServiceError['code'][] = [status.NOT_FOUND, status.UNAVAILABLE]

/** How often a model is asked that one server of several does not have any more. */
const TRIES = 4

/** A server of the Open Inference Protocol (Triton, OpenVINO Model Server, MLServer, KServe) as a model server. */
export class OipClient implements ModelServer {
  readonly #channel: UpstreamChannel
  readonly #states: ModelStates

  constructor(channel: UpstreamChannel) {
    this.#channel = channel
    this.#states = new ModelStates(channel)
  }

  /**
   * Runs the model on named tensors and gives back the outputs asked for, and no others. The version is the one that
   * the server names, empty where it names none.
   */
  async predict(call: PredictCall, options: CallOptions): Promise<Prediction> {
    const { selector, outputs: names } = call
    refuseLabel(selector)
    const request = toRequest(call)
    const response = await this.#askModel(
      Methods.modelInfer,
      request,
      'run the model',
      selector,
      options,
    )
    const { maxResponseBytes: maxBytes } = this.#channel
    return {
      version: response.getModelVersion() || (selector.version ?? ''),
      outputs: readOutputs(response, { names, maxBytes }),
    }
  }

  /**
   * Describes a model as one signature, `serving_default`; its inputs and outputs are empty where the model declares
   * none.
   *
   * @throws {GatewayError} `version_not_found` for a version of a server that has none and answers with what it has.
   */
  async metadata(selector: ModelSelector, options: CallOptions): Promise<ModelMetadata> {
    refuseLabel(selector)
    const { model, version } = selector
    const request = new ModelMetadataRequest()
    request.setName(model)
    request.setVersion(version ?? '')
    const response = await this.#askModel(
      Methods.modelMetadata,
      request,
      'describe the model',
      selector,
      options,
    )
    const versions = response.getVersionsList()
    if (version && versions.length === 0 && (await this.#states.index(options)) === null) {
      throw noVersions(model, version)
    }
    const signature = toSignature(response)
    return {
      version: version ?? newest(versions),
      signatures: new Map([[signature.name, signature]]),
    }
  }

  status(model: string, options: CallOptions): Promise<readonly ModelVersionStatus[]> {
    return this.#states.versions(model, options)
  }

  /** Closes the channel: calls already sent go on to their end, others fail. */
  close(): void {
    this.#channel.close()
  }

  /**
   * Asks something of a model. A server that is about to end says NOT_FOUND of models that others of the same target
   * still serve (Triton does for up to 30 s): then it is asked again.
   */
  #askModel<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    action: string,
    selector: ModelSelector,
    options: CallOptions,
  ): Promise<Response> {
    return askAgain(
      TRIES,
      () => this.#channel.unary(method, request, options),
      (error) => this.#explain(selector, error, action, options),
    )
  }

  /** Says why a call failed, and whether another server of the same target may answer. */
  async #explain(
    selector: ModelSelector,
    error: ServiceError,
    action: string,
    options: CallOptions,
  ): Promise<CallFailure> {
    const named = { reason: this.#named(error, action), again: false }
    if (!mayMissModel(error)) return named
    const meansMissing = MEANS_MISSING.includes(error.code)
    try {
      const missing = await this.#missing(selector, error, options)
      if (missing !== null) return { reason: missing, again: false }
      return meansMissing ? { reason: changingVersions(selector, error), again: true } : named
    } catch (failure) {
      // The server that is about to end was asked once more, and says by now that it does not answer.
      const isAway = failure instanceof GatewayError && failure.code === 'upstream_unavailable'
      if (isAway) return { reason: failure, again: meansMissing }
      throw failure
    }
  }

  /** Says why the model cannot answer, or null where it can, so that the failure was of something else. */
  async #missing(
    selector: ModelSelector,
    error: ServiceError,
    options: CallOptions,
  ): Promise<GatewayError | null> {
    const { model, version } = selector
    if (error.code !== status.NOT_FOUND) {
      // Most of these are about the call, and one question is enough to know.
      const readiness = await this.#states.ready(model, version, options)
      if (readiness === 'ready') return null
    }
    return toUnservedError(selector, await this.#states.versions(model, options), error)
  }

  #named(error: ServiceError, action: string): GatewayError {
    return toGatewayError(error, { action, maxResponseBytes: this.#channel.maxResponseBytes })
  }
}

function toRequest({ selector, inputs, outputs }: PredictCall): ModelInferRequest {
  const request = new ModelInferRequest()
  request.setModelName(selector.model)
  request.setModelVersion(selector.version ?? '')
  setInputs(request, inputs)
  for (const name of new Set(outputs)) {
    const output = new ModelInferRequest.InferRequestedOutputTensor()
    output.setName(name)
    request.addOutputs(output)
  }
  return request
}

function refuseLabel({ model, versionLabel }: ModelSelector): void {
  if (versionLabel === undefined) return
  throw new GatewayError(
    'version_not_found',
    `Model "${model}" has no version label "${versionLabel}": its server speaks the Open Inference Protocol, ` +
      'which has no labels; ask for a version or for none',
  )
}

function noVersions(model: string, version: string): GatewayError {
  return new GatewayError(
    'version_not_found',
    `Model "${model}" has no version ${version}: its server knows no versions; ask for none`,
  )
}

function newest(versions: readonly string[]): string {
  const order = new Intl.Collator('en', { numeric: true })
  return [...versions].sort(order.compare).at(-1) ?? ''
}
