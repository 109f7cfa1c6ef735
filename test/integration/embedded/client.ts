import { type CallOptions, credentials, Metadata, type ServiceError } from '@grpc/grpc-js'
import { dataTypeCode } from '../../../src/embedded/element-types.js'
import {
  GetModelMetadataRequest,
  type GetModelMetadataResponse,
  GetModelStatusRequest,
  type GetModelStatusResponse,
  Int64Value,
  ModelServiceClient,
  ModelSpec,
  PredictionServiceClient,
  PredictRequest,
  type PredictResponse,
  TensorProto,
} from '../../../src/embedded/stubs.js'
import type { Tensors } from '../../../src/embedded/tensor.js'
import { shapeToProto, tensorFromProto, tensorToProto } from '../../../src/embedded/tensor-codec.js'

export interface SpecFields {
  readonly name?: string
  readonly version?: number
  readonly label?: string
  readonly signature?: string
}

export interface PredictFields {
  /** `null` leaves the ModelSpec out. */
  readonly spec?: SpecFields | null
  readonly inputs?: Readonly<Record<string, TensorProto>>
  readonly filter?: readonly string[]
  readonly options?: CallOptions
}

type Unary<Q, R> = (
  request: Q,
  metadata: Metadata,
  options: CallOptions,
  callback: (error: ServiceError | null, response?: R) => void,
) => { cancel(): void }

/** A plain client of the two services, for tests. */
export class Client {
  readonly prediction: InstanceType<typeof PredictionServiceClient>
  readonly model: InstanceType<typeof ModelServiceClient>

  constructor(target: string) {
    const options = {
      'grpc.max_receive_message_length': -1,
      'grpc.use_local_subchannel_pool': 1,
    }
    this.prediction = new PredictionServiceClient(target, credentials.createInsecure(), options)
    this.model = new ModelServiceClient(target, credentials.createInsecure(), options)
  }

  predict({ spec = {}, inputs = {}, filter = [], options = {} }: PredictFields) {
    const request = new PredictRequest()
    if (spec !== null) request.setModelSpec(modelSpec(spec))
    for (const [alias, tensor] of Object.entries(inputs)) request.getInputsMap().set(alias, tensor)
    request.setOutputFilterList([...filter])
    return call<PredictRequest, PredictResponse>(
      (...args) => this.prediction.predict(...args),
      request,
      options,
    )
  }

  metadata(spec: SpecFields | null, fields: readonly string[] = ['signature_def']) {
    const request = new GetModelMetadataRequest()
    if (spec !== null) request.setModelSpec(modelSpec(spec))
    request.setMetadataFieldList([...fields])
    return call<GetModelMetadataRequest, GetModelMetadataResponse>(
      (...args) => this.prediction.getModelMetadata(...args),
      request,
    )
  }

  status(spec: SpecFields | null) {
    const request = new GetModelStatusRequest()
    if (spec !== null) request.setModelSpec(modelSpec(spec))
    return call<GetModelStatusRequest, GetModelStatusResponse>(
      (...args) => this.model.getModelStatus(...args),
      request,
    )
  }

  close(): void {
    this.prediction.close()
    this.model.close()
  }
}

export function modelSpec({ name = '', version, label, signature = '' }: SpecFields): ModelSpec {
  const spec = new ModelSpec()
  spec.setName(name)
  spec.setSignatureName(signature)
  if (label !== undefined) spec.setVersionLabel(label)
  if (version !== undefined) {
    const number = new Int64Value()
    number.setValue(version)
    spec.setVersion(number)
  }
  return spec
}

/** A DT_UINT8 tensor in `tensor_content`. */
export function pixels(shape: readonly number[], bytes: Uint8Array): TensorProto {
  return tensorToProto({ dtype: 'DT_UINT8', shape, data: bytes }, true)
}

/** A tensor without values, whose fields a test fills as it likes. */
export function bareTensor(dtype: string, shape: readonly number[]): TensorProto {
  const proto = new TensorProto()
  proto.setDtype(dataTypeCode(dtype))
  proto.setTensorShape(shapeToProto(shape))
  return proto
}

/** The outputs of an answer as tensors. */
export function outputsOf(response: PredictResponse): Tensors {
  const entries = [...response.getOutputsMap().entries()]
  return Object.fromEntries(entries.map(([alias, proto]) => [alias, tensorFromProto(proto)!]))
}

export function call<Q, R>(method: Unary<Q, R>, request: Q, options: CallOptions = {}): Promise<R> {
  return new Promise((resolve, reject) => {
    method(request, new Metadata(), options, (error, response) => {
      if (error) reject(error)
      else resolve(response!)
    })
  })
}
