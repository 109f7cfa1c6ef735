/** What the first bytes of a PredictRequest tell. */
export interface PredictHead {
  readonly model: string
  /** Size of the input's first dimension; 1 for a scalar. */
  readonly batch: number
}

/** Bytes of a request that hold its names and shape, which every client writes before the pixels. */
export const HEAD_BYTES = 1024

interface Field {
  readonly number: number
  /** The number of a varint field. */
  readonly value: number
  readonly start: number
  readonly end: number
}

function readVarint(bytes: Buffer, start: number): { value: number; end: number } {
  let value = 0
  let factor = 1
  for (let at = start; ; at++) {
    const byte = bytes[at]
    if (byte === undefined) throw new RangeError('The request ends within a number')
    value += (byte & 0x7f) * factor
    if (byte < 0x80) return { value, end: at + 1 }
    factor *= 128
  }
}

/** Walks the varint and length-delimited fields of a message; the last one may reach beyond the bytes. */
function* fields(bytes: Buffer, start: number, end: number): Generator<Field> {
  for (let at = start; at < Math.min(end, bytes.length); ) {
    const tag = readVarint(bytes, at)
    const number = tag.value >> 3
    const { value, end: after } = readVarint(bytes, tag.end)
    const isBytes = (tag.value & 7) === 2
    const field = { number, value, start: after, end: isBytes ? after + value : after }
    yield field
    at = field.end
  }
}

function find(bytes: Buffer, start: number, end: number, number: number): Field | undefined {
  for (const field of fields(bytes, start, end)) if (field.number === number) return field
  return undefined
}

/** The first field at a path of field numbers. */
function findPath(bytes: Buffer, path: readonly number[]): Field | undefined {
  let field: Field | undefined = { number: 0, value: 0, start: 0, end: bytes.length }
  for (const number of path) field = field && find(bytes, field.start, field.end, number)
  return field
}

/** `model_spec.name` of PredictRequest. */
const MODEL_NAME = [1, 1]
/** `inputs[0].value.tensor_shape.dim[0].size` of PredictRequest. */
const FIRST_DIMENSION = [2, 2, 2, 2, 1]

/** Reads model and batch out of the beginning of a PredictRequest; its tensor is not looked at. */
export function readPredictHead(bytes: Buffer): PredictHead {
  const name = findPath(bytes, MODEL_NAME)
  const size = findPath(bytes, FIRST_DIMENSION)
  return {
    model: name === undefined ? '' : bytes.toString('utf8', name.start, name.end),
    batch: size?.value ?? 1,
  }
}
