import {
  type Attributes,
  booleanAttribute,
  integerAttribute,
  makeIntegers,
  makeNode,
  shapeAttribute,
  textAttribute,
  typeAttribute,
} from './node-builder.js'
import type { AttrValue, NodeDef } from './stubs.js'

const FLOAT = typeAttribute('DT_FLOAT')
const INT32 = typeAttribute('DT_INT32')
const RESOURCE = typeAttribute('DT_RESOURCE')
const STRING = typeAttribute('DT_STRING')

const FIRST_ELEMENT: Attributes = {
  T: INT32,
  Index: INT32,
  shrink_axis_mask: integerAttribute(1),
  begin_mask: integerAttribute(0),
  end_mask: integerAttribute(0),
  ellipsis_mask: integerAttribute(0),
  new_axis_mask: integerAttribute(0),
}

/** What the body of a loop is built with. */
export interface LoopBody {
  /** Prefix of the names of its nodes. */
  readonly scope: string
  /** The node that gives one text of the input. */
  readonly element: string
  /** The control inputs of constants in the body: only by them do they belong to the loop's frame. */
  readonly inFrame: readonly string[]
}

/** A loop over a vector of texts that makes a tensor of each and stacks them. */
export interface DecodeLoop {
  /** Prefix of the names of its nodes, free in the graph; the stacked tensor is the node `<scope>/stack`. */
  readonly scope: string
  /** The node that gives the texts, a string tensor `[batch]`. */
  readonly input: string
  readonly dtype: 'DT_UINT8' | 'DT_FLOAT'
  /** Shape of what is made of one text; -1 where it is not known. */
  readonly elementShape: readonly number[]
  /** Makes the nodes that turn one text into a tensor, the last of them named `output`. */
  readonly makeBody: (body: LoopBody) => {
    readonly nodes: readonly NodeDef[]
    readonly output: string
  }
}

/**
 * Makes a loop as TensorFlow 1 writes it, of Enter, Merge, Switch, Exit and NextIteration with tensor arrays: servers of
 * any age run it, and it needs no function library.
 */
export function makeDecodeLoop(loop: DecodeLoop): NodeDef[] {
  const scope = `${loop.scope}/while`
  const body = { scope, element: `${scope}/TensorArrayRead`, inFrame: [`^${scope}/index`] }
  const { nodes, output } = loop.makeBody(body)
  const dtype = typeAttribute(loop.dtype)
  return [
    ...makeArrays(loop),
    ...makeEntry(loop.scope, scope),
    ...makeControl(scope),
    makeNode(
      body.element,
      'TensorArrayReadV3',
      [`${scope}/input`, `${scope}/index`, `${scope}/input_flow`],
      { dtype: STRING },
    ),
    ...nodes,
    makeNode(
      `${scope}/TensorArrayWrite`,
      'TensorArrayWriteV3',
      [`${scope}/output`, `${scope}/index`, output, `${scope}/Switch_1:1`],
      { T: dtype },
    ),
    makeNode(
      stackOf(loop.scope),
      'TensorArrayGatherV3',
      [`${loop.scope}/TensorArray_1`, `${loop.scope}/range`, `${scope}/Exit`],
      { dtype, element_shape: shapeAttribute(loop.elementShape) },
    ),
  ]
}

/** Gives the name of the node that holds what the loop made, stacked. */
export function stackOf(scope: string): string {
  return `${scope}/stack`
}

/** The number of texts, an array that holds them, and one for what is made of them. */
function makeArrays({ scope, input, dtype }: DecodeLoop): NodeDef[] {
  const count = `${scope}/count`
  const array = `${scope}/TensorArray`
  return [
    makeNode(`${scope}/Shape`, 'Shape', [input], { T: STRING, out_type: INT32 }),
    makeIntegers(`${scope}/begin`, [0]),
    makeIntegers(`${scope}/end`, [1]),
    makeNode(
      count,
      'StridedSlice',
      [`${scope}/Shape`, `${scope}/begin`, `${scope}/end`, `${scope}/end`],
      FIRST_ELEMENT,
    ),
    makeIntegers(`${scope}/zero`, 0),
    makeIntegers(`${scope}/one`, 1),
    makeNode(`${scope}/range`, 'Range', [`${scope}/zero`, count, `${scope}/one`], { Tidx: INT32 }),
    makeArray(array, STRING, count),
    makeNode(
      `${scope}/TensorArrayScatter`,
      'TensorArrayScatterV3',
      [array, `${scope}/range`, input, `${array}:1`],
      { T: STRING },
    ),
    makeArray(`${array}_1`, typeAttribute(dtype), count),
  ]
}

function makeArray(name: string, dtype: AttrValue, count: string): NodeDef {
  return makeNode(name, 'TensorArrayV3', [count], {
    dtype,
    element_shape: shapeAttribute(undefined),
    dynamic_size: booleanAttribute(false),
    clear_after_read: booleanAttribute(true),
    tensor_array_name: textAttribute(''),
  })
}

/** The two variables of the loop, index and flow of the output array, and what its body reads from outside. */
function makeEntry(outside: string, scope: string): NodeDef[] {
  const enter = (name: string, input: string, T: AttrValue, isConstant: boolean) =>
    makeNode(`${scope}/${name}`, 'Enter', [`${outside}/${input}`], {
      T,
      is_constant: booleanAttribute(isConstant),
      frame_name: textAttribute(`${scope}/while_context`),
      parallel_iterations: integerAttribute(10),
    })
  return [
    enter('Enter', 'zero', INT32, false),
    enter('Enter_1', 'TensorArray_1:1', FLOAT, false),
    enter('count', 'count', INT32, true),
    enter('input', 'TensorArray', RESOURCE, true),
    enter('input_flow', 'TensorArrayScatter', FLOAT, true),
    enter('output', 'TensorArray_1', RESOURCE, true),
  ]
}

function makeControl(scope: string): NodeDef[] {
  const condition = `${scope}/LoopCond`
  const variable = (suffix: string, T: AttrValue, next: string) => [
    makeNode(
      `${scope}/Merge${suffix}`,
      'Merge',
      [`${scope}/Enter${suffix}`, `${scope}/NextIteration${suffix}`],
      { T, N: integerAttribute(2) },
    ),
    makeNode(`${scope}/Switch${suffix}`, 'Switch', [`${scope}/Merge${suffix}`, condition], { T }),
    makeNode(`${scope}/NextIteration${suffix}`, 'NextIteration', [next], { T }),
  ]
  return [
    ...variable('', INT32, `${scope}/add`),
    ...variable('_1', FLOAT, `${scope}/TensorArrayWrite`),
    makeNode(`${scope}/Less`, 'Less', [`${scope}/Merge`, `${scope}/count`], { T: INT32 }),
    makeNode(condition, 'LoopCond', [`${scope}/Less`]),
    makeNode(`${scope}/index`, 'Identity', [`${scope}/Switch:1`], { T: INT32 }),
    makeIntegers(`${scope}/step`, 1, [`^${scope}/index`]),
    makeNode(`${scope}/add`, 'Add', [`${scope}/index`, `${scope}/step`], { T: INT32 }),
    makeNode(`${scope}/Exit`, 'Exit', [`${scope}/Switch_1`], { T: FLOAT }),
  ]
}
