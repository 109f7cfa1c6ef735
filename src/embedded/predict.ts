import { status } from '@grpc/grpc-js'
import {
  answeredSpec,
  type FoundModel,
  findModel,
  requireSpec,
  signatureName,
} from './model-lookup.js'
import type { ServedModel, ServedSignature } from './served-model.js'
import { invalidArgument, StatusError } from './status-error.js'
import { type PredictRequest, PredictResponse, type TensorProto } from './stubs.js'
import type { Tensor, Tensors } from './tensor.js'
import { printedType, tensorFromProto, tensorToProto } from './tensor-codec.js'

export interface PredictOptions {
  /** Answers in `tensor_content`, as a server run with --enable_serialization_as_tensor_content does. */
  readonly tensorContent: boolean
}

/** Answers a PredictRequest. Checks come in the order in which TensorFlow Serving makes them. */
export async function predict(
  models: readonly ServedModel[],
  request: PredictRequest,
  signal: AbortSignal,
  options: PredictOptions,
): Promise<PredictResponse> {
  const spec = requireSpec(request.getModelSpec())
  const found = findModel(models, spec)
  const signature = findSignature(found, signatureName(spec))
  const inputs = readInputs(request, signature)
  const aliases = wantedOutputs(request.getOutputFilterList(), signature)
  checkTypes(inputs, signature)
  const { model, version } = found
  const outputs = await model.predict({ version, signature, inputs, signal })
  const response = new PredictResponse()
  response.setModelSpec(answeredSpec(found, signature.name))
  for (const [alias, tensor] of Object.entries(outputs)) {
    if (!aliases.has(alias)) continue
    response.getOutputsMap().set(alias, tensorToProto(tensor, options.tensorContent))
  }
  return response
}

function findSignature({ signatures }: FoundModel, name: string): ServedSignature {
  const signature = signatures.find((candidate) => candidate.name === name)
  if (signature === undefined) {
    throw new StatusError(status.FAILED_PRECONDITION, `Serving signature key "${name}" not found.`)
  }
  return signature
}

function readInputs(request: PredictRequest, signature: ServedSignature): Tensors {
  const sent = new Map<string, TensorProto>(request.getInputsMap().entries())
  checkCount([...sent.keys()].sort(), Object.keys(signature.inputs).sort())
  return Object.fromEntries(
    Object.entries(signature.inputs).map(([alias, info]) => {
      const proto = sent.get(alias)
      if (proto === undefined) {
        throw missingInput(alias, info.tensorName ?? `${alias}:0`, [...sent.keys()].sort())
      }
      return [alias, readInput(alias, proto)]
    }),
  )
}

function checkCount(sent: readonly string[], expected: readonly string[]): void {
  if (sent.length === expected.length) return
  const extra = sent.filter((name) => !expected.includes(name))
  const missing = expected.filter((name) => !sent.includes(name))
  throw invalidArgument(
    `input size does not match signature: ${sent.length}!=${expected.length} len({${sent}}) != ` +
      `len({${expected}}). Sent extra: {${extra}}. Missing but required: {${missing}}.`,
  )
}

function missingInput(alias: string, feed: string, sent: readonly string[]): StatusError {
  return invalidArgument(
    `Signature input alias: ${alias}(feed name: ${feed}) not found in request and no default value provided. ` +
      `Inputs expected to be in the request {${sent}}, or default input alias set: `,
  )
}

function readInput(alias: string, proto: TensorProto): Tensor {
  const tensor = tensorFromProto(proto)
  if (tensor === undefined) throw invalidArgument(`tensor parsing error: ${alias}`)
  return tensor
}

function wantedOutputs(filter: readonly string[], signature: ServedSignature): Set<string> {
  const known = Object.keys(signature.outputs).sort()
  const wanted = new Set<string>()
  for (const alias of filter) {
    if (!known.includes(alias)) {
      throw invalidArgument(
        `output tensor alias not found in signature: ${alias} Outputs expected to be in the set {${known}}.`,
      )
    }
    if (wanted.has(alias)) throw invalidArgument(`duplicate output tensor alias: ${alias}`)
    wanted.add(alias)
  }
  return wanted.size === 0 ? new Set(known) : wanted
}

function checkTypes(inputs: Tensors, signature: ServedSignature): void {
  Object.entries(signature.inputs).forEach(([alias, { dtype }], index) => {
    const sent = inputs[alias]?.dtype
    if (sent === undefined || sent === dtype) return
    throw invalidArgument(
      `Expects arg[${index}] to be ${printedType(dtype)} but ${printedType(sent)} is provided`,
    )
  })
}
