import { type MethodDefinition, type ServiceError, status } from '@grpc/grpc-js'
import { GatewayError } from '../../errors.js'
import { freeMemory } from '../../free-memory.js'
import { askAgain, type CallFailure } from '../ask-again.js'
import { modelNotFound } from '../missing-model.js'
import type {
  CallOptions,
  ClassifiedExamples,
  ExampleCall,
  ModelMetadata,
  ModelSelector,
  ModelServer,
  ModelState,
  ModelVersionStatus,
  PredictCall,
  Prediction,
  RegressedExamples,
  Tensor,
} from '../model-server.js'
import { isServiceError, type UpstreamChannel } from '../upstream-channel.js'
import { decodeTensor, encodeTensor } from './codec.js'
import {
  readClassifications,
  readRegressions,
  toClassificationRequest,
  toRegressionRequest,
} from './examples.js'
import { isServed, toMissingModelError } from './missing-model.js'
import { fromModelSpec, toModelSpec } from './model-spec.js'
import { serializePredict } from './predict-message.js'
import { SIGNATURE_FIELD, toSignatures } from './signature.js'
import { isAboutModel, toGatewayError } from './status.js'
import {
  GetModelMetadataRequest,
  GetModelStatusRequest,
  ModelServiceService,
  ModelVersionStatus as ModelVersionStatusProto,
  PredictionServiceService,
  PredictRequest,
  type PredictResponse,
} from './stubs.js'

const STATES: ReadonlyMap<number, ModelState> = new Map(
  Object.entries(ModelVersionStatusProto.State).map(([name, value]) => [value, name as ModelState]),
)

/** How often a model is asked that one server of several does not have. */
const TRIES = 3

/** The method with requests that are serialised already. */
const PREDICT: MethodDefinition<Buffer, PredictResponse> = {
  ...PredictionServiceService.predict,
  requestSerialize: (message) => message,
  requestDeserialize: (message) => message,
}

/** TensorFlow Serving's gRPC API as a model server. */
export class TfServingClient implements ModelServer {
  readonly #channel: UpstreamChannel

  constructor(channel: UpstreamChannel) {
    this.#channel = channel
  }

  /**
   * Runs the model on named tensors and gives back the outputs asked for, and no others.
   *
   * @throws {TypeError} when no output is named: TensorFlow Serving would send them all, gigabytes of masks included.
   */
  async predict(call: PredictCall, options: CallOptions): Promise<Prediction> {
    const { selector } = call
    const message = serializePredict(toRequest(call))
    const response = await this.#askModel(PREDICT, message, 'predict', selector, options)
    // gRPC has put it into a frame of its own. Of a call that failed nobody knows how far it came.
    freeMemory(message)
    return {
      version: fromModelSpec(response.getModelSpec(), selector),
      outputs: this.#outputs(response, call.outputs),
    }
  }

  async classify(call: ExampleCall, options: CallOptions): Promise<ClassifiedExamples> {
    const { selector, images } = call
    const request = toClassificationRequest(call)
    const method = PredictionServiceService.classify
    const response = await this.#askModel(method, request, 'classify', selector, options)
    return {
      version: fromModelSpec(response.getModelSpec(), selector),
      rows: readClassifications(response, images.length),
    }
  }

  async regress(call: ExampleCall, options: CallOptions): Promise<RegressedExamples> {
    const { selector, images } = call
    const request = toRegressionRequest(call)
    const method = PredictionServiceService.regress
    const response = await this.#askModel(method, request, 'regress', selector, options)
    return {
      version: fromModelSpec(response.getModelSpec(), selector),
      values: readRegressions(response, images.length),
    }
  }

  async metadata(selector: ModelSelector, options: CallOptions): Promise<ModelMetadata> {
    const request = new GetModelMetadataRequest()
    request.setModelSpec(toModelSpec(selector))
    request.addMetadataField(SIGNATURE_FIELD)
    const method = PredictionServiceService.getModelMetadata
    const action = 'describe the model'
    const response = await this.#askModel(method, request, action, selector, options)
    return {
      version: fromModelSpec(response.getModelSpec(), selector),
      signatures: toSignatures(response),
    }
  }

  async status(model: string, options: CallOptions): Promise<readonly ModelVersionStatus[]> {
    const request = new GetModelStatusRequest()
    request.setModelSpec(toModelSpec({ model }))
    try {
      const response = await this.#channel.unary(
        ModelServiceService.getModelStatus,
        request,
        options,
      )
      return response.getModelVersionStatusList().map(toVersionStatus).sort(newestFirst)
    } catch (error) {
      if (!isServiceError(error)) throw error
      if (error.code === status.NOT_FOUND) throw modelNotFound(model, error)
      throw this.#named(error, 'tell the state of the model')
    }
  }

  /** Closes the channel: calls already sent go on to their end, others fail. */
  close(): void {
    this.#channel.close()
  }

  /** Asks something of a model. */
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

  /** Says why a call failed. A missing model looks the same whatever it misses: only its versions' states tell. */
  async #explain(
    selector: ModelSelector,
    error: ServiceError,
    action: string,
    options: CallOptions,
  ): Promise<CallFailure> {
    if (!isAboutModel(error)) return { reason: this.#named(error, action), again: false }
    const versions = await this.status(selector.model, options)
    const reason = toMissingModelError(selector, versions, error)
    if (reason === null) return { reason: this.#named(error, 'run the model'), again: false }
    return { reason, again: isServed(selector, versions) }
  }

  #outputs(response: PredictResponse, names: readonly string[]): Record<string, Tensor> {
    const { maxResponseBytes: maxBytes } = this.#channel
    const protos = response.getOutputsMap()
    const outputs = names.map((name): [string, Tensor] => {
      const proto = protos.get(name)
      if (proto === undefined) throw missingOutput(name)
      return [name, decodeTensor(proto, { name, maxBytes })]
    })
    return Object.fromEntries(outputs)
  }

  #named(error: ServiceError, action: string): GatewayError {
    return toGatewayError(error, { action, maxResponseBytes: this.#channel.maxResponseBytes })
  }
}

function toRequest({ selector, signature, inputs, outputs }: PredictCall): PredictRequest {
  if (outputs.length === 0) throw new TypeError('A predict call names the outputs that it wants')
  const request = new PredictRequest()
  request.setModelSpec(toModelSpec(selector, signature))
  const protos = request.getInputsMap()
  for (const [name, tensor] of Object.entries(inputs)) protos.set(name, encodeTensor(tensor))
  // Named twice, an output is an error to TensorFlow Serving.
  request.setOutputFilterList([...new Set(outputs)])
  return request
}

function toVersionStatus(proto: ModelVersionStatusProto): ModelVersionStatus {
  return {
    version: proto.getVersion(),
    state: STATES.get(proto.getState()) ?? 'UNKNOWN',
    message: proto.getStatus()?.getErrorMessage() ?? '',
  }
}

function newestFirst(left: ModelVersionStatus, right: ModelVersionStatus): number {
  return BigInt(left.version) < BigInt(right.version) ? 1 : -1
}

function missingOutput(name: string): GatewayError {
  return new GatewayError(
    'upstream_invalid_response',
    `The model server left out the output "${name}" that it was asked for`,
  )
}
