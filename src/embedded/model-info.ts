import { status } from '@grpc/grpc-js'
import { dataTypeCode } from './element-types.js'
import { answeredSpec, findModel, newestFirst, requireSpec, versionNumber } from './model-lookup.js'
import type {
  ServedModel,
  ServedSignature,
  ServedTensorInfo,
  ServedVersion,
} from './served-model.js'
import { invalidArgument, StatusError } from './status-error.js'
import {
  Any,
  type GetModelMetadataRequest,
  GetModelMetadataResponse,
  type GetModelStatusRequest,
  GetModelStatusResponse,
  ModelVersionStatus,
  SignatureDef,
  SignatureDefMap,
  StatusProto,
  TensorInfoProto,
} from './stubs.js'
import { shapeToProto } from './tensor-codec.js'

const SIGNATURE_FIELD = 'signature_def'

/** Answers a GetModelMetadataRequest with the version's signatures, packed in an Any. */
export function modelMetadata(
  models: readonly ServedModel[],
  request: GetModelMetadataRequest,
): GetModelMetadataResponse {
  const spec = requireSpec(request.getModelSpec())
  const fields = request.getMetadataFieldList()
  if (fields.length === 0) {
    throw invalidArgument('GetModelMetadataRequest must specify at least one metadata_field')
  }
  const unknown = fields.find((field) => field !== SIGNATURE_FIELD)
  if (unknown !== undefined) throw invalidArgument(`Metadata field ${unknown} is not supported`)
  const found = findModel(models, spec)
  const map = new SignatureDefMap()
  for (const signature of found.signatures) {
    map.getSignatureDefMap().set(signature.name, toSignatureDef(signature))
  }
  const packed = new Any()
  packed.pack(map.serializeBinary(), 'tensorflow.serving.SignatureDefMap')
  const response = new GetModelMetadataResponse()
  response.setModelSpec(answeredSpec(found))
  response.getMetadataMap().set(SIGNATURE_FIELD, packed)
  return response
}

/** Answers a GetModelStatusRequest, newest version first. A version label is ignored, as TensorFlow Serving does. */
export function modelStatus(
  models: readonly ServedModel[],
  request: GetModelStatusRequest,
): GetModelStatusResponse {
  const spec = requireSpec(request.getModelSpec())
  const name = spec.getName()
  const versions = newestFirst(models.find((model) => model.name === name)?.versions ?? [])
  const wanted = versionNumber(spec)
  const chosen = versions.filter(({ version }) => wanted === undefined || version === wanted)
  if (versions.length === 0) {
    throw new StatusError(status.NOT_FOUND, `Could not find any versions of model ${name}`)
  }
  if (chosen.length === 0) {
    throw new StatusError(status.NOT_FOUND, `Could not find version ${wanted} of model ${name}`)
  }
  const response = new GetModelStatusResponse()
  response.setModelVersionStatusList(chosen.map(toVersionStatus))
  return response
}

function toSignatureDef(signature: ServedSignature): SignatureDef {
  const def = new SignatureDef()
  def.setMethodName(signature.method)
  for (const [alias, info] of Object.entries(signature.inputs)) {
    def.getInputsMap().set(alias, toTensorInfo(alias, info))
  }
  for (const [alias, info] of Object.entries(signature.outputs)) {
    def.getOutputsMap().set(alias, toTensorInfo(alias, info))
  }
  return def
}

function toTensorInfo(alias: string, info: ServedTensorInfo): TensorInfoProto {
  const proto = new TensorInfoProto()
  proto.setName(info.tensorName ?? `${alias}:0`)
  proto.setDtype(dataTypeCode(info.dtype))
  proto.setTensorShape(shapeToProto(info.shape))
  return proto
}

function toVersionStatus({ version, state, error }: ServedVersion): ModelVersionStatus {
  const reason = new StatusProto()
  reason.setErrorCode(error?.code ?? status.OK)
  reason.setErrorMessage(error?.message ?? '')
  const proto = new ModelVersionStatus()
  proto.setVersion(version)
  proto.setState(ModelVersionStatus.State[state])
  proto.setStatus(reason)
  return proto
}
