import type { ModelCard } from '../../repository/model-card.js'
import type { Signature, TensorInfo } from '../../serving/model-server.js'
import { mayHaveOutput } from '../image/complete-signature.js'
import { listNames, type SignatureOwner, signatureMismatch } from '../image/input-signature.js'

/** The output of floats that a task reads, and how it is told from others. */
export interface WantedOutput {
  /** Key on the card that names it. */
  readonly key: 'scores' | 'value'
  /** Its usual names, the likeliest first. */
  readonly usual: readonly string[]
  /** Its shapes, in words. */
  readonly shapes: string
  fits(shape: readonly number[]): boolean
  /** Whether these outputs can be of the task, where the card does not say which task it is. */
  isClear(outputs: readonly TensorInfo[]): boolean
}

const FLOATS: readonly string[] = ['DT_FLOAT', 'DT_DOUBLE', 'DT_HALF', 'DT_BFLOAT16']

/**
 * Finds the wire name of a task's output: the card's, else a usual one of those that fit, else the only one. Throws
 * `signature_mismatch` (502).
 */
export function findFloatOutput(
  owner: SignatureOwner,
  signature: Signature,
  card: ModelCard | undefined,
  wanted: WantedOutput,
): string {
  const given = card?.outputs[wanted.key]
  if (given !== undefined && mayHaveOutput(signature, given)) return given
  const outputs = Object.entries(signature.outputs)
  const fitting = outputs
    .filter(([, { dtype, shape }]) => {
      const fits = shape === null ? card?.task !== undefined : wanted.fits(shape)
      return FLOATS.includes(dtype) && fits
    })
    .map(([name]) => name)
  const usual = wanted.usual.find((name) => fitting.includes(name))
  const found = usual ?? (fitting.length === 1 ? fitting[0] : undefined)
  const isClear = card?.task !== undefined || wanted.isClear(outputs.map(([, info]) => info))
  if (given === undefined && found !== undefined && isClear) return found
  const what = given ?? `of floats ${wanted.shapes}`
  const expected = `an output ${what} (the card names it: "outputs": {"${wanted.key}": ...})`
  throw signatureMismatch(owner, expected, listNames(outputs.map(([name]) => name)))
}
