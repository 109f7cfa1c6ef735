import type { Signature, TensorInfo } from '../model-server.js'
import { toDataType } from './datatypes.js'
import type { ModelMetadataResponse, TensorMetadata } from './stubs.js'

/** The protocol has no signatures: what a model takes and gives goes by the usual name and method of TensorFlow's. */
const NAME = 'serving_default'
const METHOD = 'tensorflow/serving/predict'

/**
 * Makes a signature of what a server tells of a model. Inputs and outputs are empty where the model declares none, as
 * on MLServer and KServe it may.
 */
export function toSignature(response: ModelMetadataResponse): Signature {
  return {
    name: NAME,
    method: METHOD,
    inputs: toTensorInfos(response.getInputsList()),
    outputs: toTensorInfos(response.getOutputsList()),
  }
}

function toTensorInfos(tensors: readonly TensorMetadata[]): Record<string, TensorInfo> {
  return Object.fromEntries(
    tensors.map((tensor) => {
      const shape = tensor.getShapeList().map((size) => (size < 0 ? -1 : size))
      return [tensor.getName(), { dtype: toDataType(tensor.getDatatype()), shape }]
    }),
  )
}
