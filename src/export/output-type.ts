import { plainType } from './data-types.js'
import { attributeOf, type GraphNode, type NodeScope } from './graph.js'
import { type DataTypeCode, DataTypeEnum } from './stubs.js'

/** Ops whose outputs have the types of a list attribute, one each. */
const TYPE_LISTS: Readonly<Record<string, string>> = {
  StatefulPartitionedCall: 'Tout',
  PartitionedCall: 'Tout',
  If: 'Tout',
  StatelessIf: 'Tout',
  While: 'T',
  StatelessWhile: 'T',
  IdentityN: 'T',
  RestoreV2: 'dtypes',
  ParseExample: 'Tdense',
}

/** Attributes that say the type of an op's only kind of output; the first that a node has is taken. */
const TYPE_ATTRIBUTES = ['DstT', 'out_type', 'dtype', 'T']

/** Ops whose outputs have a type of their own whatever `T` says. */
const FIXED_TYPES: ReadonlyMap<string, DataTypeCode> = new Map<string, DataTypeCode>([
  ['Less', DataTypeEnum.DT_BOOL],
  ['Greater', DataTypeEnum.DT_BOOL],
  ['GreaterEqual', DataTypeEnum.DT_BOOL],
  ['LessEqual', DataTypeEnum.DT_BOOL],
  ['Equal', DataTypeEnum.DT_BOOL],
  ['NotEqual', DataTypeEnum.DT_BOOL],
  ['ResizeBilinear', DataTypeEnum.DT_FLOAT],
])

/** Ops whose output type hangs on more than one attribute, or on the output's number. */
const UNDECIDED = new Set(['ArgMax', 'ArgMin', 'TopKV2', 'Unique', 'CombinedNonMaxSuppression'])

/** How many outputs the ops have whose type list says it; `undefined` for others. */
export function outputCount(scope: NodeScope, node: GraphNode): number | undefined {
  return typeList(scope, node)?.length
}

/** Tells the type of a node's output from its attributes; `undefined` when they do not say. */
export function outputType(
  scope: NodeScope,
  node: GraphNode,
  output: number,
): DataTypeCode | undefined {
  const list = typeList(scope, node)
  if (list !== undefined) return list[output]
  if (UNDECIDED.has(node.op)) return undefined
  const fixed = FIXED_TYPES.get(node.op)
  if (fixed !== undefined) return fixed
  for (const name of TYPE_ATTRIBUTES) {
    const type = attributeOf(scope, node, name)?.getType()
    if (type !== undefined && type !== DataTypeEnum.DT_INVALID) return plainType(type)
  }
  return undefined
}

function typeList(scope: NodeScope, node: GraphNode): readonly DataTypeCode[] | undefined {
  const attribute = TYPE_LISTS[node.op]
  if (attribute === undefined) return undefined
  return attributeOf(scope, node, attribute)?.getList()?.getTypeList()
}
