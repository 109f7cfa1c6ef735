import { crc32c, maskCrc } from './crc32c.js'
import { ExportError } from './export-error.js'
import { type OutputFile, writeOutput } from './output-file.js'
import { type Piece, pieceChunks } from './piece.js'
import { encodeTable, type TableEntry } from './sstable-writer.js'
import {
  BundleEntryProto,
  BundleHeaderProto,
  type DataTypeCode,
  TensorShapeProto,
  VersionDef,
} from './stubs.js'

/** The version of the format that TensorFlow writes. */
const BUNDLE_VERSION = 1

/** One variable to be written. */
export interface BundleTensor {
  /** The key by which it is restored. */
  readonly name: string
  readonly dtype: DataTypeCode
  readonly shape: readonly number[]
  /** Length of the content in bytes; what `data` gives must have it. */
  readonly size: number
  /** The elements, little-endian in row-major order; a function is asked when the tensor's turn comes. */
  readonly data: Piece | (() => Piece)
}

/** What a written bundle holds. */
export interface WrittenBundle {
  readonly tensors: number
  /** Length of the data file. */
  readonly bytes: number
}

/** Gives the name of a data file of a bundle. */
export function shardPath(prefix: string, shard: number, shards: number): string {
  const number = (value: number) => String(value).padStart(5, '0')
  return `${prefix}.data-${number(shard)}-of-${number(shards)}`
}

/**
 * Writes variables as `<prefix>.index` and `<prefix>.data-00000-of-00001`, byte for byte as TensorFlow's own writer does
 * for the same tensors. `onBytes` hears of each written tensor's length. Memory does not grow with their number or size beyond what one `data` function makes. Throws
 * `ExportError` when a name is there twice or a content has another length than was said.
 */
export async function writeTensorBundle(
  prefix: string,
  tensors: Iterable<BundleTensor>,
  onBytes: (count: number) => void = () => {},
): Promise<WrittenBundle> {
  const sorted = [...tensors]
    .map((tensor) => ({ key: Buffer.from(tensor.name, 'utf8'), tensor }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
  const entries: TableEntry[] = [{ key: new Uint8Array(), value: header() }]
  const bytes = await writeOutput(shardPath(prefix, 0, 1), async (file) => {
    for (const { key, tensor } of sorted) {
      entries.push({ key, value: await writeTensor(file, tensor) })
      onBytes(tensor.size)
    }
    return file.length
  })
  await writeOutput(`${prefix}.index`, (file) => file.write(encodeTable(entries)))
  return { tensors: sorted.length, bytes }
}

function header(): Uint8Array {
  const version = new VersionDef()
  version.setProducer(BUNDLE_VERSION)
  const proto = new BundleHeaderProto()
  proto.setNumShards(1)
  proto.setVersion(version)
  return proto.serializeBinary()
}

async function writeTensor(file: OutputFile, tensor: BundleTensor): Promise<Uint8Array> {
  const offset = file.length
  let crc = 0
  const data = typeof tensor.data === 'function' ? tensor.data() : tensor.data
  for await (const chunk of pieceChunks([data])) {
    crc = crc32c(chunk, crc)
    await file.write(chunk)
  }
  const size = file.length - offset
  if (size !== tensor.size) {
    throw new ExportError(
      `The variable ${tensor.name} has ${size} bytes where its shape [${tensor.shape}] needs ${tensor.size}`,
    )
  }
  return entry(tensor, offset, maskCrc(crc))
}

function entry(tensor: BundleTensor, offset: number, crc: number): Uint8Array {
  const shape = new TensorShapeProto()
  for (const size of tensor.shape) shape.addDim().setSize(size)
  const proto = new BundleEntryProto()
  proto.setDtype(tensor.dtype)
  proto.setShape(shape)
  proto.setOffset(offset)
  proto.setSize(tensor.size)
  proto.setCrc32c(crc)
  return proto.serializeBinary()
}
