import type { Tensor } from '../../serving/model-server.js'

/** An element of a tensor; text that is no UTF-8 is base64. */
export type JsonElement = number | string | boolean | { b64: string }

/** A tensor as JSON holds it. */
export interface JsonTensor {
  readonly dtype: string
  readonly shape: number[]
  /** Row by row. */
  readonly values?: JsonElement[]
  /** Little-endian bytes in base64. */
  readonly b64?: string
}

/** More elements than these go as base64: as text they would be four times as long, and nobody reads them. */
const MAX_VALUES = 4096

/** Writes a tensor as JSON: its elements as values where they are few and JSON can say them exactly, else as base64. */
export function toTensorJson(tensor: Tensor): JsonTensor {
  const shape = [...tensor.shape]
  if (tensor.dtype === 'DT_STRING') {
    return { dtype: tensor.dtype, shape, values: tensor.data.map(textOf) }
  }
  // Half and bfloat16 arrive widened.
  const dtype = tensor.data instanceof Float32Array ? 'DT_FLOAT' : tensor.dtype
  const { data } = tensor
  const values = data.length <= MAX_VALUES ? Array.from(data, Number) : []
  const isExact = data.length <= MAX_VALUES && values.every(isSafe)
  if (!isExact) {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    return { dtype, shape, b64: bytes.toString('base64') }
  }
  return { dtype, shape, values: dtype === 'DT_BOOL' ? values.map((it) => it !== 0) : values }
}

function isSafe(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Math.abs(value) < 1e15)
}

function textOf(bytes: Uint8Array): JsonElement {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return { b64: Buffer.from(bytes).toString('base64') }
  }
}
