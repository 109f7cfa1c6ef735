import { status } from '@grpc/grpc-js'
import {
  answeredSpec,
  type FoundModel,
  findModel,
  requireSpec,
  signatureName,
} from './model-lookup.js'
import type { ExampleContext, ScoredLabel, ServedModel, ServedSignature } from './served-model.js'
import { invalidArgument, StatusError } from './status-error.js'
import {
  Class,
  type ClassificationRequest,
  ClassificationResponse,
  ClassificationResult,
  Classifications,
  type InferenceTask,
  type ModelSpec,
  type MultiInferenceRequest,
  Regression,
  type RegressionRequest,
  RegressionResponse,
  RegressionResult,
} from './stubs.js'

// The methods that take tf.Examples. Few models here have an answer for them; where a call ends in a refusal it is the one
// that TensorFlow Serving (classifier.cc, regressor.cc, multi_inference.cc) gives for the model's signature.

type Examples = ExampleContext['examples']

/** Answers a ClassificationRequest, or refuses it. */
export function classify(
  models: readonly ServedModel[],
  request: ClassificationRequest,
): ClassificationResponse {
  const found = exampleSignature(models, request.getModelSpec())
  const { model, version, signature } = found
  if (model.classify === undefined) return refuseToClassify(signature)
  const rows = model.classify({ version, signature, examples: readExamples(request) })
  const result = new ClassificationResult()
  result.setClassificationsList(rows.map(toClassifications))
  const response = new ClassificationResponse()
  response.setModelSpec(answeredSpec(found, signature.name))
  response.setResult(result)
  return response
}

function toClassifications(row: readonly ScoredLabel[]) {
  const classes = row.map(({ label, score }) => {
    const one = new Class()
    one.setLabel(label)
    one.setScore(score)
    return one
  })
  const all = new Classifications()
  all.setClassesList(classes)
  return all
}

/** Answers a RegressionRequest, or refuses it. */
export function regress(
  models: readonly ServedModel[],
  request: RegressionRequest,
): RegressionResponse {
  const found = exampleSignature(models, request.getModelSpec())
  const { model, version, signature } = found
  if (model.regress === undefined) return refuseToRegress(signature)
  const values = model.regress({ version, signature, examples: readExamples(request) })
  const result = new RegressionResult()
  result.setRegressionsList(
    values.map((value) => {
      const one = new Regression()
      one.setValue(value)
      return one
    }),
  )
  const response = new RegressionResponse()
  response.setModelSpec(answeredSpec(found, signature.name))
  response.setResult(result)
  return response
}

function readExamples(request: ClassificationRequest | RegressionRequest): Examples {
  const examples = request.getInput()?.getExampleList()?.getExamplesList() ?? []
  if (examples.length === 0) throw invalidArgument('Input is empty.')
  return examples.map((example) => {
    const features = new Map<string, readonly Uint8Array[]>()
    example
      .getFeatures()
      ?.getFeatureMap()
      .forEach((feature, name) => {
        features.set(name, feature.getBytesList()?.getValueList_asU8() ?? [])
      })
    return features
  })
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
): FoundModel & { readonly signature: ServedSignature } {
  const known = requireSpec(spec)
  const found = findModel(models, known)
  const { signatures } = found
  const name = signatureName(known)
  const signature = signatures.find((candidate) => candidate.name === name)
  if (signature === undefined) {
    throw invalidArgument(`No signature was found with the name: ${name}`)
  }
  if (Object.keys(signature.inputs).length !== 1)
    throw invalidArgument('Expected one input Tensor.')
  return { ...found, signature }
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
