import {
  type Attributes,
  booleanAttribute,
  integerAttribute,
  makeConstant,
  makeFloats,
  makeIntegers,
  makeNode,
  typeAttribute,
} from '../node-builder.js'
import type { NodeDef } from '../stubs.js'

const FLOAT = typeAttribute('DT_FLOAT')
const INT32 = typeAttribute('DT_INT32')

/**
 * Nodes in the making, all under one scope. Methods add nodes and give the name of the last; tensors are float32 unless
 * it is said otherwise.
 */
export class NodeList {
  readonly nodes: NodeDef[] = []
  readonly #scope: string
  readonly #controls: readonly string[]
  #count = 0

  /** `controls` are the control inputs of every constant: those of a loop's body need one. */
  constructor(scope: string, controls: readonly string[] = []) {
    this.#scope = scope
    this.#controls = controls
  }

  /** Adds a node under a full name of its own. */
  add(name: string, op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    this.nodes.push(makeNode(name, op, inputs, attributes))
    return name
  }

  /** Adds an operation on float32 with the attribute T. */
  op(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.add(this.#name(op), op, inputs, { T: FLOAT, ...attributes })
  }

  /** Adds an operation with no attribute but those given. */
  plain(op: string, inputs: readonly string[], attributes: Attributes): string {
    return this.add(this.#name(op), op, inputs, attributes)
  }

  /** Adds an int32 constant: a scalar of a number, a vector of a list. */
  integers(value: number | readonly number[]): string {
    return this.#push(makeIntegers(this.#name('Const'), value, this.#controls))
  }

  /** Adds a float32 constant: a scalar of a number, a vector of a list. */
  floats(value: number | readonly number[]): string {
    const node = makeFloats(this.#name('Const'), value)
    node.setInputList([...this.#controls])
    return this.#push(node)
  }

  /** Adds a float32 constant of any shape, its elements row by row. */
  tensor(shape: readonly number[], elements: Float32Array): string {
    const bytes = new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength)
    const name = this.#name('Const')
    return this.#push(makeConstant(name, 'DT_FLOAT', shape, bytes, this.#controls))
  }

  /** Cuts a part out; a size of -1 goes to the end. */
  slice(
    input: string,
    begin: readonly number[],
    size: readonly number[],
    T: Attributes[string] = FLOAT,
  ): string {
    const inputs = [input, this.integers(begin), this.integers(size)]
    return this.op('Slice', inputs, { T, Index: INT32 })
  }

  reshape(input: string, shape: readonly number[], T: Attributes[string] = FLOAT): string {
    return this.op('Reshape', [input, this.integers(shape)], { T, Tshape: INT32 })
  }

  /** Adds a dimension of size 1. */
  expand(input: string, axis: number, T: Attributes[string] = FLOAT): string {
    return this.op('ExpandDims', [input, this.integers(axis)], { T, Tdim: INT32 })
  }

  /** Joins tensors along an axis; one alone is given back. */
  concat(inputs: readonly string[], axis: number, T: Attributes[string] = FLOAT): string {
    if (inputs.length === 1) return inputs[0]!
    return this.op('ConcatV2', [...inputs, this.integers(axis)], {
      T,
      Tidx: INT32,
      N: integerAttribute(inputs.length),
    })
  }

  cast(input: string, SrcT: Attributes[string], DstT: Attributes[string]): string {
    return this.plain('Cast', [input], { SrcT, DstT })
  }

  /** Reduces axes with an op such as Sum, Prod, All; they disappear. */
  reduce(op: string, input: string, axes: readonly number[]): string {
    return this.op(op, [input, this.integers(axes)], {
      Tidx: INT32,
      keep_dims: booleanAttribute(false),
    })
  }

  /** Takes elements of axis 1 by the int32 indices `[batch, n]`, each row of the batch by its own. */
  gatherRows(input: string, indices: string, Tparams: Attributes[string] = FLOAT): string {
    return this.plain('GatherV2', [input, indices, this.integers(1)], {
      Tparams,
      Tindices: INT32,
      Taxis: INT32,
      batch_dims: integerAttribute(1),
    })
  }

  #push(node: NodeDef): string {
    this.nodes.push(node)
    return node.getName()
  }

  #name(op: string): string {
    return `${this.#scope}/${op}_${this.#count++}`
  }
}
