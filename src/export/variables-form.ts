import { makeNode, shapeAttribute, textAttribute, toShape, typeAttribute } from './node-builder.js'
import {
  AttrValue,
  type DataTypeCode,
  DataTypeEnum,
  type NodeDef,
  SaverDef,
  TensorProto,
} from './stubs.js'

const STRING = typeAttribute('DT_STRING')

/** A weight that becomes a variable. */
export interface VariableSpec {
  /** Name of the node that its consumers read, and its key in `variables/`. */
  readonly name: string
  readonly dtype: DataTypeCode
  readonly shape: readonly number[]
}

/** The nodes that hold variables and restore them, and how a server finds these. */
export interface VariablesForm {
  readonly nodes: readonly NodeDef[]
  readonly saver: SaverDef
}

/**
 * Makes resource variables in the place of constants: the node that reads a variable takes the constant's name, so that no
 * consumer changes. `scope` holds the nodes that save and restore and must be free in the graph.
 */
export function makeVariables(variables: readonly VariableSpec[], scope = 'save'): VariablesForm {
  return {
    nodes: [
      ...variables.flatMap(makeVariable),
      ...makeSave(variables, scope),
      ...makeRestore(variables, scope),
    ],
    saver: makeSaver(scope),
  }
}

function makeVariable({ name, dtype, shape }: VariableSpec): NodeDef[] {
  return [
    makeNode(handleOf(name), 'VarHandleOp', [], {
      dtype: codeAttribute(dtype),
      shape: shapeAttribute(shape),
      // Without a name of its own every variable is one and the same resource in TF-Serving.
      shared_name: textAttribute(name),
      container: textAttribute(''),
    }),
    makeNode(name, 'ReadVariableOp', [handleOf(name)], { dtype: codeAttribute(dtype) }),
  ]
}

function handleOf(name: string): string {
  return `${name}/handle`
}

/** Serving never saves, but `tf.saved_model.load` wants a saver to name a tensor for it. */
function makeSave(variables: readonly VariableSpec[], scope: string): NodeDef[] {
  const file = `${scope}/Const`
  const save = `${scope}/SaveV2`
  return [
    makeTexts(file, 'model'),
    ...makeKeys(save, variables),
    makeNode(save, 'SaveV2', [file, ...keyInputs(save), ...variables.map(({ name }) => name)], {
      dtypes: codesAttribute(variables),
    }),
    makeNode(`${scope}/control_dependency`, 'Identity', [file, `^${save}`], { T: STRING }),
  ]
}

function makeRestore(variables: readonly VariableSpec[], scope: string): NodeDef[] {
  const restore = `${scope}/RestoreV2`
  const assigns = variables.map(({ name, dtype }, index) =>
    makeNode(
      `${scope}/AssignVariableOp_${index}`,
      'AssignVariableOp',
      [handleOf(name), index === 0 ? restore : `${restore}:${index}`],
      { dtype: codeAttribute(dtype) },
    ),
  )
  const done = assigns.map((assign) => `^${assign.getName()}`)
  return [
    ...makeKeys(restore, variables),
    makeNode(restore, 'RestoreV2', [`${scope}/Const`, ...keyInputs(restore)], {
      dtypes: codesAttribute(variables),
    }),
    ...assigns,
    makeNode(`${scope}/restore_all`, 'NoOp', done),
  ]
}

function makeKeys(node: string, variables: readonly VariableSpec[]): NodeDef[] {
  const [names, slices] = keyInputs(node)
  return [
    makeTexts(
      names,
      variables.map(({ name }) => name),
    ),
    makeTexts(
      slices,
      variables.map(() => ''),
    ),
  ]
}

function keyInputs(node: string): [names: string, slices: string] {
  return [`${node}/tensor_names`, `${node}/shape_and_slices`]
}

function makeSaver(scope: string): SaverDef {
  const saver = new SaverDef()
  saver.setFilenameTensorName(`${scope}/Const:0`)
  saver.setSaveTensorName(`${scope}/control_dependency:0`)
  saver.setRestoreOpName(`${scope}/restore_all`)
  saver.setVersion(SaverDef.CheckpointFormatVersion.V2)
  return saver
}

function makeTexts(name: string, value: string | readonly string[]): NodeDef {
  const texts = typeof value === 'string' ? [value] : value
  const tensor = new TensorProto()
  tensor.setDtype(DataTypeEnum.DT_STRING)
  tensor.setTensorShape(toShape(typeof value === 'string' ? [] : [value.length]))
  tensor.setStringValList(texts.map((text) => new TextEncoder().encode(text)))
  const attribute = new AttrValue()
  attribute.setTensor(tensor)
  return makeNode(name, 'Const', [], { dtype: STRING, value: attribute })
}

function codeAttribute(dtype: DataTypeCode): AttrValue {
  const value = new AttrValue()
  value.setType(dtype)
  return value
}

function codesAttribute(variables: readonly VariableSpec[]): AttrValue {
  const list = new AttrValue.ListValue()
  list.setTypeList(variables.map(({ dtype }) => dtype))
  const value = new AttrValue()
  value.setList(list)
  return value
}
