import type { ByteSource } from './byte-source.js'
import { ExportError } from './export-error.js'
import { assertNotForeign, SNIFFED_BYTES } from './foreign-file.js'
import { scanFields, type WireField } from './wire-scanner.js'
import { LENGTH_DELIMITED, VARINT } from './wire-writer.js'

/** Which message of TensorFlow a file holds. */
export type FileKind = 'graph' | 'meta-graph' | 'saved-model'

/** Fields at the beginning that are looked at; the first few decide. */
const LOOKED_AT = 64

/** Bytes of a text that is looked at; names of nodes and ops are shorter. */
const NAME_LIMIT = 4096

/** TensorFlow's rule for the names of ops. */
const OP_NAME = /^[A-Za-z_][A-Za-z0-9_>]*$/

/** Fields of onnx.ModelProto that no SavedModel has: graph and opset_import. */
const ONNX_FIELDS: readonly number[] = [7, 8]

/** Its first field is a small version number; its only other number is model_version, 5. */
const ONNX_IR_LIMIT = 1000

/**
 * Tells which message a file holds by looking at its beginning. Throws `ExportError` that names what else it is, or that
 * it is nothing known.
 */
export function fileKind(source: ByteSource): FileKind {
  assertNotForeign(source.name, source.read(0, Math.min(SNIFFED_BYTES, source.size)))
  const fields = firstFields(source)
  const first = fields[0]
  if (first?.number === 1 && first.wireType === VARINT) {
    if (looksLikeSavedModel(source, fields)) return 'saved-model'
    if (looksLikeOnnx(fields)) throw isOnnx(source)
  } else if (fields.some((field) => field.number === 1 && looksLikeNode(source, field))) {
    return 'graph'
  } else if (fields.some((field) => field.number === 2 && holdsNodes(source, field))) {
    return 'meta-graph'
  }
  throw new ExportError(
    `${source.name}: is not a TensorFlow graph, checkpoint or SavedModel, or is damaged at its beginning. ` +
      'Name a frozen graph (.pb), a checkpoint (prefix of .meta, .index, .data) or the directory of a SavedModel',
  )
}

function looksLikeOnnx(fields: readonly WireField[]): boolean {
  const others = fields.slice(1)
  return (
    fields[0]!.value < ONNX_IR_LIMIT &&
    others.some(({ number }) => ONNX_FIELDS.includes(number)) &&
    others.every(({ number, wireType }) => number === 5 || wireType === LENGTH_DELIMITED)
  )
}

function isOnnx(source: ByteSource): ExportError {
  return new ExportError(
    `${source.name}: is an ONNX model, which TF-Serving cannot run. Convert it to TensorFlow first`,
  )
}

/** Gives what can be read of the first fields; where the bytes stop being protobuf, the list ends. */
function firstFields(source: ByteSource, range = { start: 0, end: source.size }): WireField[] {
  const fields: WireField[] = []
  try {
    for (const field of scanFields(source, range)) {
      fields.push(field)
      if (fields.length === LOOKED_AT) break
    }
  } catch (error) {
    if (!(error instanceof ExportError)) throw error
    const cut = cutField(source, fields.at(-1)?.end ?? range.start)
    if (cut !== undefined) fields.push(cut)
  }
  return fields
}

/** A file that ends inside its first field is still told by what is there, so that it is called truncated later. */
function cutField(source: ByteSource, tagStart: number): WireField | undefined {
  const head = source.read(tagStart, Math.min(tagStart + 16, source.size))
  const number = head[0]! >> 3
  if ((head[0]! & 7) !== LENGTH_DELIMITED || number === 0) return undefined
  const lengthEnd = head.findIndex((byte, index) => index > 0 && byte < 128) + 1
  if (lengthEnd === 0) return undefined
  const start = tagStart + lengthEnd
  return { number, wireType: LENGTH_DELIMITED, tagStart, start, end: source.size, value: 0 }
}

function looksLikeSavedModel(source: ByteSource, fields: readonly WireField[]): boolean {
  if (fields.some(({ number }) => number > 2)) return false
  const metaGraph = fields.find(
    ({ number, wireType }) => number === 2 && wireType === LENGTH_DELIMITED,
  )
  if (metaGraph === undefined) return false
  return firstFields(source, metaGraph).some(
    (field) => field.number === 2 && holdsNodes(source, field),
  )
}

function holdsNodes(source: ByteSource, field: WireField): boolean {
  if (field.wireType !== LENGTH_DELIMITED) return false
  return firstFields(source, field).some(
    (inner) => inner.number === 1 && looksLikeNode(source, inner),
  )
}

/** A node begins with its name and its op; a MetaInfoDef, in the same place, has a list of ops there. */
function looksLikeNode(source: ByteSource, field: WireField): boolean {
  if (field.wireType !== LENGTH_DELIMITED) return false
  const [name, op] = firstFields(source, field)
  return name?.number === 1 && op?.number === 2 && OP_NAME.test(shortText(source, op))
}

function shortText(source: ByteSource, field: WireField): string {
  if (field.wireType !== LENGTH_DELIMITED || field.end - field.start > NAME_LIMIT) return ''
  return Buffer.from(source.read(field.start, field.end)).toString('utf8')
}
