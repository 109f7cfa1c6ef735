import { AttrValue, DataTypeEnum, NodeDef, TensorProto, TensorShapeProto } from './stubs.js'

type DataTypeName = keyof typeof DataTypeEnum

/** The attributes of a node by name. */
export type Attributes = Readonly<Record<string, AttrValue>>

/** Makes a node; `inputs` name other nodes, with `:k` for outputs and `^` for control edges. */
export function makeNode(
  name: string,
  op: string,
  inputs: readonly string[] = [],
  attributes: Attributes = {},
): NodeDef {
  const node = new NodeDef()
  node.setName(name)
  node.setOp(op)
  node.setInputList([...inputs])
  for (const [key, value] of Object.entries(attributes)) node.getAttrMap().set(key, value)
  return node
}

/** Makes a Const node from an element type, a shape and the elements' little-endian bytes. */
export function makeConstant(
  name: string,
  dtype: DataTypeName,
  shape: readonly number[],
  content: Uint8Array,
  controlInputs: readonly string[] = [],
): NodeDef {
  const tensor = new TensorProto()
  tensor.setDtype(DataTypeEnum[dtype])
  tensor.setTensorShape(toShape(shape))
  tensor.setTensorContent(content)
  const value = new AttrValue()
  value.setTensor(tensor)
  return makeNode(name, 'Const', controlInputs, { dtype: typeAttribute(dtype), value })
}

/** Makes an int32 Const: a scalar of a number, a vector of a list. */
export function makeIntegers(
  name: string,
  value: number | readonly number[],
  controlInputs: readonly string[] = [],
): NodeDef {
  const [shape, content] = toElements(value, (values) => Int32Array.from(values))
  return makeConstant(name, 'DT_INT32', shape, content, controlInputs)
}

/** Makes a float32 Const: a scalar of a number, a vector of a list. */
export function makeFloats(name: string, value: number | readonly number[]): NodeDef {
  const [shape, content] = toElements(value, (values) => Float32Array.from(values))
  return makeConstant(name, 'DT_FLOAT', shape, content)
}

function toElements(
  value: number | readonly number[],
  toArray: (values: readonly number[]) => ArrayBufferView,
): [shape: readonly number[], content: Uint8Array] {
  const [values, shape] = typeof value === 'number' ? [[value], []] : [value, [value.length]]
  const { buffer, byteOffset, byteLength } = toArray(values)
  return [shape, new Uint8Array(buffer, byteOffset, byteLength)]
}

/** Converts sizes to a TensorShapeProto, -1 for a size that is not known. */
export function toShape(sizes: readonly number[]): TensorShapeProto {
  const shape = new TensorShapeProto()
  for (const size of sizes) shape.addDim().setSize(size)
  return shape
}

export function typeAttribute(dtype: DataTypeName): AttrValue {
  const value = new AttrValue()
  value.setType(DataTypeEnum[dtype])
  return value
}

export function booleanAttribute(flag: boolean): AttrValue {
  const value = new AttrValue()
  value.setB(flag)
  return value
}

export function integerAttribute(number: number): AttrValue {
  const value = new AttrValue()
  value.setI(String(number))
  return value
}

export function integersAttribute(numbers: readonly number[]): AttrValue {
  const list = new AttrValue.ListValue()
  list.setIList(numbers.map(String))
  const value = new AttrValue()
  value.setList(list)
  return value
}

export function textAttribute(text: string): AttrValue {
  const value = new AttrValue()
  value.setS(new TextEncoder().encode(text))
  return value
}

/** A shape as an attribute; `undefined` is the shape of unknown rank. */
export function shapeAttribute(sizes: readonly number[] | undefined): AttrValue {
  const shape = toShape(sizes ?? [])
  if (sizes === undefined) shape.setUnknownRank(true)
  const value = new AttrValue()
  value.setShape(shape)
  return value
}
