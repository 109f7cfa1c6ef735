import { type handleUnaryCall, Server, ServerCredentials, status } from '@grpc/grpc-js'
import { classify, multiInference, regress } from './example-methods.js'
import { modelMetadata, modelStatus } from './model-info.js'
import { predict } from './predict.js'
import type { ServedModel } from './served-model.js'
import { type ServerCall, unary } from './server-call.js'
import { StatusError } from './status-error.js'
import {
  type ClassificationRequest,
  type GetModelMetadataRequest,
  type GetModelStatusRequest,
  ModelServiceService,
  type MultiInferenceRequest,
  PredictionServiceService,
  type PredictRequest,
  type RegressionRequest,
} from './stubs.js'

/** Sees each call before it is handled. What it throws is the answer; while its promise is pending the call waits. */
export type Intercept = (call: ServerCall<unknown>) => void | Promise<void>

export interface ModelServerOptions {
  /** Address to listen on; 127.0.0.1 unless given. */
  readonly host?: string
  /** 0, the default, takes a free port. */
  readonly port?: number
  /** Read anew for every call, so that models may come and go. */
  readonly models: readonly ServedModel[]
  /** Plain text unless given. */
  readonly credentials?: ServerCredentials
  /** Answers tensors as `tensor_content`, in place of typed fields. */
  readonly tensorContent?: boolean
  readonly intercept?: Intercept
}

/** A server that listens. */
export interface RunningModelServer {
  /** gRPC address, `host:port`. */
  readonly target: string
  readonly port: number
  /** Stops listening, and cuts the calls that are still in flight after `drainMs` milliseconds (0 unless given). */
  close(drainMs?: number): Promise<void>
}

/**
 * Starts a server that speaks TensorFlow Serving's PredictionService and ModelService for `models`, with the status
 * codes and texts of tensorflow/serving 2.20. Messages of any size are taken and sent. Rejects when the address cannot
 * be bound.
 */
export async function startModelServer(options: ModelServerOptions): Promise<RunningModelServer> {
  const { host = '127.0.0.1', credentials = ServerCredentials.createInsecure() } = options
  const server = new Server({
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  })
  server.addService(PredictionServiceService, predictionService(options))
  server.addService(ModelServiceService, modelService(options))
  const address = host.includes(':') ? `[${host}]` : host
  const port = await bind(server, `${address}:${options.port ?? 0}`, credentials)
  return { target: `${address}:${port}`, port, close: (drainMs = 0) => close(server, drainMs) }
}

function predictionService({ models, intercept, tensorContent = false }: ModelServerOptions) {
  return {
    predict: intercepted(intercept, 'Predict', ({ request, signal }: ServerCall<PredictRequest>) =>
      predict(models, request, signal, { tensorContent }),
    ),
    getModelMetadata: intercepted(
      intercept,
      'GetModelMetadata',
      (call: ServerCall<GetModelMetadataRequest>) => modelMetadata(models, call.request),
    ),
    classify: intercepted(intercept, 'Classify', (call: ServerCall<ClassificationRequest>) =>
      classify(models, call.request),
    ),
    regress: intercepted(intercept, 'Regress', (call: ServerCall<RegressionRequest>) =>
      regress(models, call.request),
    ),
    multiInference: intercepted(
      intercept,
      'MultiInference',
      (call: ServerCall<MultiInferenceRequest>) => multiInference(models, call.request),
    ),
  }
}

function modelService({ models, intercept }: ModelServerOptions) {
  return {
    getModelStatus: intercepted(
      intercept,
      'GetModelStatus',
      (call: ServerCall<GetModelStatusRequest>) => modelStatus(models, call.request),
    ),
    handleReloadConfigRequest: intercepted(intercept, 'HandleReloadConfigRequest', () => {
      throw new StatusError(status.UNIMPLEMENTED, '')
    }),
  }
}

function intercepted<Q, R>(
  intercept: Intercept | undefined,
  method: string,
  handle: (call: ServerCall<Q>) => R | Promise<R>,
): handleUnaryCall<Q, R> {
  return unary<Q, R>(method, async (call) => {
    await intercept?.(call)
    return handle(call)
  })
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error === null) return resolve(port)
      server.forceShutdown()
      reject(error)
    })
  })
}

/** A call that is cut ends CANCELLED at the client, which retries UNAVAILABLE only: so whoever can wait drains. */
function close(server: Server, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.forceShutdown(), drainMs)
    server.tryShutdown(() => {
      clearTimeout(cut)
      resolve()
    })
    if (drainMs === 0) server.forceShutdown()
  })
}
