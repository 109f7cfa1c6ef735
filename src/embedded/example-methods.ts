import { status } from '@grpc/grpc-js'
import { findModel, requireSpec, signatureName } from './model-lookup.js'
import type { ServedModel, ServedSignature } from './served-model.js'
import { invalidArgument, StatusError } from './status-error.js'
import type {
  ClassificationRequest,
  InferenceTask,
  ModelSpec,
  MultiInferenceRequest,
  RegressionRequest,
} from './stubs.js'

// The methods that take tf.Examples. No model here has a signature for them, so each call ends in a refusal: the one
// that TensorFlow Serving (classifier.cc, regressor.cc, multi_inference.cc) gives for the model's signature.

/** Refuses a ClassificationRequest. */
export function classify(models: readonly ServedModel[], request: ClassificationRequest): never {
  refuseToClassify(exampleSignature(models, request.getModelSpec()))
}

/** Refuses a RegressionRequest. */
export function regress(models: readonly ServedModel[], request: RegressionRequest): never {
  refuseToRegress(exampleSignature(models, request.getModelSpec()))
}

/** Refuses a MultiInferenceRequest by its first task. */
export function multiInference(
  models: readonly ServedModel[],
  request: MultiInferenceRequest,
): never {
  const task = request.getTasksList()[0]
  const spec = requireSpec(task?.getModelSpec())
  const { signatures } = findModel(models, spec)
  const name = signatureName(spec)
  const signature = signatures.find((candidate) => candidate.name === name)
  if (signature === undefined) {
    throw invalidArgument(`Requested signature not found in model graph: ${name}`)
  }
  return refuseTask(task, signature)
}

function refuseTask(task: InferenceTask | undefined, signature: ServedSignature): never {
  const method = task?.getMethodName() ?? ''
  if (method === 'tensorflow/serving/classify') return refuseToClassify(signature)
  if (method === 'tensorflow/serving/regress') return refuseToRegress(signature)
  throw new StatusError(status.UNIMPLEMENTED, `Unsupported signature method_name: ${method}`)
}

function exampleSignature(
  models: readonly ServedModel[],
  spec: ModelSpec | undefined,
): ServedSignature {
  const known = requireSpec(spec)
  const { signatures } = findModel(models, known)
  const name = signatureName(known)
  const signature = signatures.find((candidate) => candidate.name === name)
  if (signature === undefined) {
    throw invalidArgument(`No signature was found with the name: ${name}`)
  }
  if (Object.keys(signature.inputs).length !== 1)
    throw invalidArgument('Expected one input Tensor.')
  return signature
}

function refuseToClassify({ outputs }: ServedSignature): never {
  const found = Object.keys(outputs).length
  if (found !== 1 && found !== 2) {
    throw invalidArgument(`Expected one or two output Tensors, found ${found}`)
  }
  throw noExamples()
}

function refuseToRegress({ outputs }: ServedSignature): never {
  if (Object.keys(outputs).length !== 1) throw invalidArgument('Expected one output Tensor.')
  throw noExamples()
}

function noExamples(): StatusError {
  return new StatusError(status.UNIMPLEMENTED, 'This server does not run models on tf.Examples')
}
