import { type ByteSource, openSource } from '../byte-source.js'
import { toShape } from '../node-builder.js'
import { type Piece, piecesLength } from '../piece.js'
import { AttrValue } from '../stubs.js'
import type { BundleIndex } from '../tensor-bundle-reader.js'
import type { BundleTensor } from '../tensor-bundle-writer.js'
import { bytesField, fieldHead, stringField, varintField } from '../wire-writer.js'
import type { Weight } from './checkpoint-weights.js'

const GRAPH = { node: 1 }
const NODE = { name: 1, op: 2, attribute: 5 }
const MAP_ENTRY = { key: 1, value: 2 }
const ATTRIBUTE = { tensor: 8 }
const TENSOR = { dtype: 1, shape: 2, content: 4 }

/** The data files of a checkpoint, open as long as pieces of them are to be written. */
export interface OpenShards {
  readonly sources: readonly ByteSource[]
  close(): void
}

/** Opens the data files of a checkpoint; throws `ExportError` when one is missing. */
export function openShards(index: BundleIndex): OpenShards {
  const sources: ByteSource[] = []
  const close = () => {
    for (const source of sources) source.close()
  }
  try {
    for (const path of index.shards) sources.push(openSource(path))
  } catch (error) {
    close()
    throw error
  }
  return { sources, close }
}

/** Gives a weight as a variable to be written; its value stays in the checkpoint until then. */
export function weightTensor(
  { name, entry }: Weight,
  sources: readonly ByteSource[],
): BundleTensor {
  const { dtype, shape, size, shard, offset } = entry
  const data = { source: sources[shard]!, start: offset, end: offset + size }
  return { name, dtype, shape, size, data }
}

/**
 * Gives a weight as a constant node of a serialised GraphDef; its value stays in the checkpoint until it is written, so
 * that no weight is ever held in memory.
 */
export function constantPieces(tensor: BundleTensor): Piece[] {
  const data = typeof tensor.data === 'function' ? tensor.data() : tensor.data
  const type = new AttrValue()
  type.setType(tensor.dtype)
  const value = message(MAP_ENTRY.value, [
    ...message(ATTRIBUTE.tensor, [
      varintField(TENSOR.dtype, tensor.dtype),
      bytesField(TENSOR.shape, toShape(tensor.shape).serializeBinary()),
      ...message(TENSOR.content, [data]),
    ]),
  ])
  return message(GRAPH.node, [
    stringField(NODE.name, tensor.name),
    stringField(NODE.op, 'Const'),
    ...message(NODE.attribute, [
      stringField(MAP_ENTRY.key, 'dtype'),
      bytesField(MAP_ENTRY.value, type.serializeBinary()),
    ]),
    ...message(NODE.attribute, [stringField(MAP_ENTRY.key, 'value'), ...value]),
  ])
}

function message(field: number, content: readonly Piece[]): Piece[] {
  return [fieldHead(field, piecesLength(content)), ...content]
}
