import { GatewayError } from '../../errors.js'
import type { Signature, TensorInfo } from '../model-server.js'
import { dataTypeName } from './element-types.js'
import {
  type GetModelMetadataResponse,
  type SignatureDef,
  SignatureDefMap,
  type TensorInfoProto,
} from './stubs.js'

/** Name of the metadata that holds the signatures: the only one TensorFlow Serving knows. */
export const SIGNATURE_FIELD = 'signature_def'
const SIGNATURE_TYPE = 'tensorflow.serving.SignatureDefMap'

/**
 * Unpacks the signatures of a GetModelMetadata answer.
 *
 * @throws {GatewayError} `upstream_invalid_response` when it holds none that can be read.
 */
export function toSignatures(response: GetModelMetadataResponse): ReadonlyMap<string, Signature> {
  const packed = response.getMetadataMap().get(SIGNATURE_FIELD)
  if (packed === undefined || packed.getTypeName() !== SIGNATURE_TYPE) {
    throw unreadable(`its metadata holds no ${SIGNATURE_FIELD} of type ${SIGNATURE_TYPE}`)
  }
  const signatures = new Map<string, Signature>()
  parse(packed.getValue_asU8())
    .getSignatureDefMap()
    .forEach((definition, name) => {
      signatures.set(name, toSignature(name, definition))
    })
  return signatures
}

function parse(bytes: Uint8Array): SignatureDefMap {
  try {
    return SignatureDefMap.deserializeBinary(bytes)
  } catch (cause) {
    throw unreadable(`its ${SIGNATURE_FIELD} is no ${SIGNATURE_TYPE}`, cause)
  }
}

function toSignature(name: string, definition: SignatureDef): Signature {
  return {
    name,
    method: definition.getMethodName(),
    inputs: toTensorInfos(definition.getInputsMap()),
    outputs: toTensorInfos(definition.getOutputsMap()),
  }
}

interface InfoMap {
  forEach(visit: (info: TensorInfoProto, name: string) => void): void
}

function toTensorInfos(infos: InfoMap): Record<string, TensorInfo> {
  const entries: [string, TensorInfo][] = []
  infos.forEach((info, name) => {
    entries.push([name, { dtype: dataTypeName(info.getDtype()), shape: toShape(info) }])
  })
  // Object.fromEntries defines properties, so that a tensor named __proto__ is one like any other.
  return Object.fromEntries(entries)
}

function toShape(info: TensorInfoProto): number[] | null {
  const shape = info.getTensorShape()
  if (shape === undefined || shape.getUnknownRank()) return null
  return shape.getDimList().map((dim) => (dim.getSize() < 0 ? -1 : dim.getSize()))
}

function unreadable(what: string, cause?: unknown): GatewayError {
  return new GatewayError(
    'upstream_invalid_response',
    `The model server does not describe the model's signatures: ${what}. ` +
      'TF_SERVING_TARGET must be the gRPC port of a TensorFlow Serving',
    { cause },
  )
}
