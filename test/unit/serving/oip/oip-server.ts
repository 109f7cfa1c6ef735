import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceError,
  type sendUnaryData,
  type status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import type { Tensors } from '../../../../src/serving/model-server.js'
import { setInputs } from '../../../../src/serving/oip/codec.js'
import {
  GRPCInferenceServiceService,
  ModelInferRequest,
  ModelInferResponse,
  ModelMetadataResponse,
  ModelReadyResponse,
  RepositoryIndexResponse,
  ServerReadyResponse,
} from '../../../../src/serving/oip/stubs.js'
import type { Teardown } from '../grpc-server.js'

/** Name, datatype and shape of an input or output, as ModelMetadata tells it. */
export type Declared = readonly [name: string, datatype: string, shape: readonly number[]]

/** One line of RepositoryIndex. */
export type Indexed = readonly [name: string, version: string, state: string, reason?: string]

/** A method of the server: gives the answer, at once or later, or throws what `failure` makes. */
type Answer<Request, Response> = (
  request: Request,
  call: ServerUnaryCall<Request, Response>,
) => Response | Promise<Response>

/** What a scripted server answers; a method that is left out is UNIMPLEMENTED. */
export interface OipScript {
  readonly serverReady?: Answer<unknown, ServerReadyResponse>
  readonly modelReady?: Answer<{ getName(): string; getVersion(): string }, ModelReadyResponse>
  readonly modelMetadata?: Answer<
    { getName(): string; getVersion(): string },
    ModelMetadataResponse
  >
  readonly repositoryIndex?: Answer<unknown, RepositoryIndexResponse>
  readonly modelInfer?: Answer<ModelInferRequest, ModelInferResponse>
}

/** Starts a server of the Open Inference Protocol that answers by a script; gives its target. It ends with the test. */
export async function startOipServer(
  t: Teardown,
  script: OipScript,
  credentials: ServerCredentials = ServerCredentials.createInsecure(),
): Promise<string> {
  const server = new Server({ 'grpc.max_receive_message_length': -1 })
  const methods = Object.entries(script).map(([name, answer]) => [
    name,
    async (call: ServerUnaryCall<unknown, unknown>, done: sendUnaryData<unknown>) => {
      try {
        done(null, await (answer as Answer<unknown, unknown>)(call.request, call))
      } catch (error) {
        done(error as ServiceError)
      }
    },
  ])
  server.addService(
    GRPCInferenceServiceService,
    Object.fromEntries(methods) as UntypedServiceImplementation,
  )
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    )
  })
  t.teardown(() => server.forceShutdown())
  return `127.0.0.1:${port}`
}

/** A failure as a scripted method throws it. */
export function failure(code: status, details = ''): Error {
  return Object.assign(new Error(details), { code, details })
}

export function serverReady(ready = true): ServerReadyResponse {
  const response = new ServerReadyResponse()
  response.setReady(ready)
  return response
}

export function modelReady(ready = true): ModelReadyResponse {
  const response = new ModelReadyResponse()
  response.setReady(ready)
  return response
}

export function index(...models: Indexed[]): RepositoryIndexResponse {
  const response = new RepositoryIndexResponse()
  for (const [name, version, state, reason = ''] of models) {
    const entry = new RepositoryIndexResponse.ModelIndex()
    entry.setName(name)
    entry.setVersion(version)
    entry.setState(state)
    entry.setReason(reason)
    response.addModels(entry)
  }
  return response
}

export function metadata(
  inputs: readonly Declared[],
  outputs: readonly Declared[],
  versions: readonly string[] = [],
): ModelMetadataResponse {
  const response = new ModelMetadataResponse()
  const toMetadata = ([name, datatype, shape]: Declared) => {
    const tensor = new ModelMetadataResponse.TensorMetadata()
    tensor.setName(name)
    tensor.setDatatype(datatype)
    tensor.setShapeList([...shape])
    return tensor
  }
  response.setVersionsList([...versions])
  response.setInputsList(inputs.map(toMetadata))
  response.setOutputsList(outputs.map(toMetadata))
  return response
}

/** An answer with raw contents, as Triton sends it. */
export function inferred(tensors: Tensors, version = ''): ModelInferResponse {
  const request = new ModelInferRequest()
  setInputs(request, tensors)
  const response = new ModelInferResponse()
  response.setModelVersion(version)
  for (const input of request.getInputsList()) {
    const output = new ModelInferResponse.InferOutputTensor()
    output.setName(input.getName())
    output.setDatatype(input.getDatatype())
    output.setShapeList(input.getShapeList())
    response.addOutputs(output)
  }
  response.setRawOutputContentsList(request.getRawInputContentsList_asU8())
  return response
}
