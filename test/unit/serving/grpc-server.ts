import {
  Server,
  ServerCredentials,
  type ServerOptions,
  type ServerUnaryCall,
  type ServiceError,
  type sendUnaryData,
  type status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { encodeTensor } from '../../../src/serving/tf-serving/codec.js'
import {
  ModelServiceService,
  PredictionServiceService,
  type PredictRequest,
  PredictResponse,
} from '../../../src/serving/tf-serving/stubs.js'
import { Upstream, type UpstreamOptions } from '../../../src/serving/upstream.js'

/** What a test cleans up with. */
export interface Teardown {
  teardown(fn: () => unknown): void
}

export type PredictCallback = sendUnaryData<PredictResponse>
export type PredictServerCall = ServerUnaryCall<PredictRequest, PredictResponse>

export interface Listen {
  readonly address?: string
  readonly credentials?: ServerCredentials
  readonly options?: ServerOptions
}

/** Starts a gRPC server with TensorFlow Serving's services and the given methods; gives its port. */
export async function startServer(
  t: Teardown,
  methods: UntypedServiceImplementation,
  {
    address = '127.0.0.1:0',
    credentials = ServerCredentials.createInsecure(),
    options,
  }: Listen = {},
): Promise<number> {
  const server = new Server({ 'grpc.max_receive_message_length': -1, ...options })
  server.addService(PredictionServiceService, methods)
  server.addService(ModelServiceService, methods)
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    )
  })
  t.teardown(() => server.forceShutdown())
  return port
}

/** Makes an upstream that is closed with the test. */
export function makeUpstream(t: Teardown, options?: UpstreamOptions): Upstream {
  const upstream = new Upstream(options)
  t.teardown(() => upstream.close())
  return upstream
}

/** An answer as a gRPC error. */
export function failure(code: status, details: string): Partial<ServiceError> {
  return { code, details }
}

/** An answer with the one output `y`, a zero. */
export function zeroAnswer(): PredictResponse {
  const response = new PredictResponse()
  const data = new Float32Array(1)
  response.getOutputsMap().set('y', encodeTensor({ dtype: 'DT_FLOAT', shape: [1], data }))
  return response
}

/** A deadline far enough away. */
export const soon = () => Date.now() + 10_000
