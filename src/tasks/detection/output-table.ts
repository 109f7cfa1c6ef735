import { GatewayError } from '../../errors.js'
import type { Tensors } from '../../serving/model-server.js'

/** Numbers of one image as rows and columns, wherever they lie in the tensor that they came in. */
export interface Table {
  readonly data: ArrayLike<number>
  /** Index of the first row's first number. */
  readonly start: number
  readonly rows: number
  readonly columns: number
  /** From one row to the next. */
  readonly rowStep: number
  /** From one column to the next. */
  readonly columnStep: number
}

/** Which image of a call is read. */
export interface Position {
  readonly index: number
  readonly count: number
}

/** An `upstream_invalid_response` (502) that tells what is wrong. */
export function invalidAnswer(detail: string): GatewayError {
  return new GatewayError(
    'upstream_invalid_response',
    `The model's answer cannot be used: ${detail}`,
  )
}

/** An output of a call as numbers. */
export interface Output {
  readonly wire: string
  readonly shape: readonly number[]
  readonly data: ArrayLike<number>
}

/** Takes an output of numbers out of an answer. Throws `upstream_invalid_response`. */
export function readOutput(outputs: Tensors, wire: string): Output {
  const tensor = outputs[wire]
  if (tensor === undefined) throw invalidAnswer(`output ${wire} is missing`)
  const { dtype, shape } = tensor
  if (dtype === 'DT_STRING') {
    throw invalidAnswer(`output ${wire} is DT_STRING; expected numbers`)
  }
  const { data } = tensor
  if (typeof data[0] === 'bigint') {
    return { wire, shape, data: Float64Array.from(data as BigInt64Array, Number) }
  }
  return { wire, shape, data: data as ArrayLike<number> }
}

/** Part of an output that belongs to one image. */
interface Item {
  readonly start: number
  /** Without the batch dimension. */
  readonly shape: readonly number[]
}

/** Takes image `index` out of an output with or without a batch dimension; `inner` is its rank without one. */
function itemOf({ wire, shape, data }: Output, inner: number, position: Position): Item {
  const { index, count } = position
  if (shape.length === inner && count === 1) return { start: 0, shape }
  if (shape.length !== inner + 1) {
    throw invalidAnswer(
      `output ${wire} has shape [${shape.join(',')}]; expected rank ${inner + 1} or ${inner}`,
    )
  }
  if (shape[0] !== count) {
    throw invalidAnswer(`output ${wire} holds ${shape[0]} results for ${count} images`)
  }
  return { start: (data.length / count) * index, shape: shape.slice(1) }
}

/**
 * Drops a last dimension of 1 from an output of one number a row: MLServer makes [N] such a column, and some networks give
 * scores and classes as [b,N,1].
 */
function withoutColumn(output: Output, inner: number, { count }: Position): Output {
  const { shape } = output
  if (shape.at(-1) !== 1) return output
  const isBatchOfColumns = shape.length === inner + 2
  const isColumn = shape.length === inner + 1 && inner > 0 && count === 1 && shape[0] !== 1
  return isBatchOfColumns || isColumn ? { ...output, shape: shape.slice(0, -1) } : output
}

/** One number of an image, such as a count. */
export function scalarOf(output: Output, position: Position): number | undefined {
  const { start } = itemOf(withoutColumn(output, 0, position), 0, position)
  return output.data[start]
}

/** One number a row: [b,N], [N] and the same as columns. */
export function columnOf(output: Output, position: Position): Table {
  const { start, shape } = itemOf(withoutColumn(output, 1, position), 1, position)
  return { data: output.data, start, rows: shape[0]!, columns: 1, rowStep: 1, columnStep: 1 }
}

/** Several numbers a row: [b,N,C] or [N,C]. */
export function tableOf(output: Output, position: Position): Table {
  const { start, shape } = itemOf(output, 2, position)
  const [rows, columns] = shape as [number, number]
  return { data: output.data, start, rows, columns, rowStep: columns, columnStep: 1 }
}

/** Rows of all images together, of any rank: [N,C] or [1,1,N,C]. */
export function sharedTableOf({ data, shape }: Output): Table {
  const columns = shape.at(-1) ?? 0
  const rows = columns === 0 ? 0 : data.length / columns
  return { data, start: 0, rows, columns, rowStep: columns, columnStep: 1 }
}

/** The same numbers with rows and columns exchanged. */
export function transpose(table: Table): Table {
  const { rows, columns, rowStep, columnStep } = table
  return {
    ...table,
    rows: columns,
    columns: rows,
    rowStep: columnStep,
    columnStep: rowStep,
  }
}

/** Some of a table's columns. */
export function columnsOf(table: Table, from: number, columns: number): Table {
  return { ...table, start: table.start + from * table.columnStep, columns }
}
