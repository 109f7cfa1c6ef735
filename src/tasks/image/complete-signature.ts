import type { ModelCard } from '../../repository/model-card.js'
import type { Signature, TensorInfo } from '../../serving/model-server.js'

/**
 * Completes what a server tells of a model by what its card says. Servers of the Open Inference Protocol may tell neither
 * inputs nor outputs (MLServer, KServe), or take encoded pictures beside the pixels that they tell (OpenVINO Model
 * Server), so that the card goes before the server.
 */
export function completeSignature(signature: Signature, card: ModelCard | undefined): Signature {
  const { dtype, shape } = card?.input ?? {}
  if (dtype === undefined && shape === undefined) return signature
  const declared = Object.keys(signature.inputs)
  const name = Object.values(card?.inputs ?? {})[0] ?? (declared.length === 1 ? declared[0] : null)
  if (name == null) return signature
  const told: TensorInfo | undefined = signature.inputs[name]
  const type = dtype ?? told?.dtype
  if (type === undefined) return signature
  const sameType = told?.dtype === type
  const info = { dtype: type, shape: shape ?? (sameType ? told.shape : null) }
  return { ...signature, inputs: { ...signature.inputs, [name]: info } }
}

/** Tells whether a model has an output: one that it declares, or any where it declares none. */
export function mayHaveOutput({ outputs }: Signature, name: string): boolean {
  return name in outputs || Object.keys(outputs).length === 0
}
