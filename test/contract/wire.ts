/**
 * Is the JavaScript half of the wire contract: wire.py starts it and asks, one JSON object a line on
 * stdin, answered by one on stdout. Its argument is a FileDescriptorSet of proto/.
 */
import { createInterface } from 'node:readline'
import any from 'google-protobuf/google/protobuf/any_pb.js'
import { makeCases } from './wire-cases.js'
import { loadSchema, type MessageClass, type Schema } from './wire-schema.js'
import { buildMessage, dumpMessage, type Tree } from './wire-tree.js'

interface Question {
  readonly op: 'cases' | 'decode' | 'pack' | 'unpack' | 'services'
  /** Full name of a message. */
  readonly type: string
  /** Serialised messages in base64. */
  readonly items: readonly string[]
  readonly trees: readonly Tree[]
}

const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))

const encode = (schema: Schema, type: string, tree: Tree) =>
  buildMessage(schema, type, tree).serializeBinary()

/** Decodes and encodes again; a failure is an answer of its own, so that the others go on. */
const decode = (schema: Schema, type: string, item: string) => {
  try {
    const message = schema.messages.get(type)?.cls.deserializeBinary(fromBase64(item))
    if (message === undefined) throw new Error(`no definition of ${type}`)
    const tree = dumpMessage(schema, type, message)
    return { tree, bytes: toBase64(message.serializeBinary()) }
  } catch (error) {
    return { error: String(error) }
  }
}

const pack = (schema: Schema, type: string, tree: Tree) => {
  const packed = new any.Any()
  packed.pack(encode(schema, type, tree), type)
  return toBase64(packed.serializeBinary())
}

const unpack = (schema: Schema, type: string, item: string) => {
  const packed = any.Any.deserializeBinary(fromBase64(item))
  const cls = schema.messages.get(type)?.cls
  const message = cls && packed.unpack((bytes) => cls.deserializeBinary(bytes), type)
  return message ? { tree: dumpMessage(schema, type, message) } : { error: 'of another type' }
}

const listMethods = (schema: Schema) => {
  const names = new Map<MessageClass, string>()
  for (const { cls, name } of schema.messages.values()) names.set(cls, name)
  return schema.services.flatMap(({ definition }) =>
    Object.values(definition).map((method) => ({
      path: method.path,
      request: names.get(method.requestType),
      response: names.get(method.responseType),
      request_stream: method.requestStream,
      response_stream: method.responseStream,
    })),
  )
}

const answer = (schema: Schema, { op, type, items, trees }: Question): unknown => {
  switch (op) {
    case 'cases':
      return makeCases(schema, type).map((tree) => ({
        tree,
        bytes: toBase64(encode(schema, type, tree)),
      }))
    case 'decode':
      return items.map((item) => decode(schema, type, item))
    case 'pack':
      return trees.map((tree) => pack(schema, type, tree))
    case 'unpack':
      return items.map((item) => unpack(schema, type, item))
    case 'services':
      return listMethods(schema)
  }
}

const schema = await loadSchema(process.argv[2] ?? '')
for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line) as Question
  process.stdout.write(`${JSON.stringify(answer(schema, question))}\n`)
}
