import { readFileSync } from 'node:fs'
import type { Message } from 'google-protobuf'
import type {
  DescriptorProto,
  EnumDescriptorProto,
  FieldDescriptorProto,
  FileDescriptorProto,
} from 'google-protobuf/google/protobuf/descriptor_pb.js'
import descriptor from 'google-protobuf/google/protobuf/descriptor_pb.js'

/** The generated class of a message. */
export interface MessageClass {
  new (): Message
  deserializeBinary(bytes: Uint8Array): Message
}

/** The type of a field, as .proto files write it; `message` and `enum` stand for named ones. */
export type Kind =
  | 'double'
  | 'float'
  | 'int64'
  | 'uint64'
  | 'int32'
  | 'fixed32'
  | 'uint32'
  | 'sint64'
  | 'bool'
  | 'string'
  | 'bytes'
  | 'message'
  | 'enum'

/** One field of a message. */
export interface Field {
  readonly number: number
  readonly name: string
  readonly kind: Kind
  /** Full name of the message or enum; empty for scalars. */
  readonly type: string
  readonly repeated: boolean
  /** A 64-bit integer that the generated class holds as decimal text (`jstype = JS_STRING`). */
  readonly text: boolean
  /** The oneof it belongs to, if any. */
  readonly oneof: string | undefined
  /** Whether "set to the default" and "not set" differ on the wire. */
  readonly explicit: boolean
}

/** One message with its generated class. */
export interface MessageInfo {
  readonly name: string
  readonly cls: MessageClass
  readonly fields: readonly Field[]
}

/** A service as it is generated for grpc-js. */
export interface ServiceInfo {
  readonly name: string
  readonly definition: Readonly<Record<string, MethodInfo>>
}

/** What this contract checks of a `grpc.MethodDefinition`. */
export interface MethodInfo {
  readonly path: string
  readonly requestStream: boolean
  readonly responseStream: boolean
  readonly requestType: MessageClass
  readonly responseType: MessageClass
}

/** Everything that the definitions define, by full name. */
export interface Schema {
  readonly messages: ReadonlyMap<string, MessageInfo>
  /** Entry messages of map fields: key is field 1, value is field 2. */
  readonly maps: ReadonlyMap<string, readonly Field[]>
  /** The numbers of each enum. */
  readonly enums: ReadonlyMap<string, readonly number[]>
  readonly services: readonly ServiceInfo[]
}

const { Type, Label } = descriptor.FieldDescriptorProto
const JS_STRING = descriptor.FieldOptions.JSType.JS_STRING

const kindNames = new Map(
  Object.entries(Type).map(([name, number]) => [
    Number(number),
    name.slice('TYPE_'.length).toLowerCase(),
  ]),
)

const toField = (field: FieldDescriptorProto, message: DescriptorProto): Field => {
  const optional = field.getProto3Optional() ?? false
  const inOneof = field.hasOneofIndex() && !optional
  const oneof = inOneof ? message.getOneofDeclList()[field.getOneofIndex() ?? 0] : undefined
  return {
    number: field.getNumber() ?? 0,
    name: field.getName() ?? '',
    kind: kindNames.get(field.getType() ?? 0) as Kind,
    type: (field.getTypeName() ?? '').slice(1),
    repeated: field.getLabel() === Label.LABEL_REPEATED,
    text: field.getOptions()?.getJstype() === JS_STRING,
    oneof: oneof?.getName(),
    explicit: optional || inOneof,
  }
}

/** Imports the module that a file was generated to; protobuf's own come with the runtime. */
const importGenerated = async (file: FileDescriptorProto, suffix: string) => {
  const path = (file.getName() ?? '').replace(/\.proto$/, suffix)
  const wellKnown = path.startsWith('google/protobuf/')
  const module = await import(wellKnown ? `google-protobuf/${path}` : `../../generated/${path}`)
  return module.default as Record<string, unknown>
}

/** Reads a FileDescriptorSet and finds the generated class of every message in it. */
export const loadSchema = async (path: string): Promise<Schema> => {
  const set = descriptor.FileDescriptorSet.deserializeBinary(new Uint8Array(readFileSync(path)))
  const messages = new Map<string, MessageInfo>()
  const maps = new Map<string, readonly Field[]>()
  const enums = new Map<string, readonly number[]>()
  const services: ServiceInfo[] = []

  const addEnum = (definition: EnumDescriptorProto, scope: string) => {
    const numbers = definition.getValueList().map((value) => value.getNumber() ?? 0)
    enums.set(`${scope}${definition.getName()}`, numbers)
  }

  const addMessage = (
    definition: DescriptorProto,
    scope: string,
    module: Record<string, unknown>,
  ) => {
    const name = `${scope}${definition.getName()}`
    const fields = definition.getFieldList().map((field) => toField(field, definition))
    if (definition.getOptions()?.getMapEntry()) {
      maps.set(name, fields)
      return
    }
    const cls = module[definition.getName() ?? ''] as MessageClass & Record<string, unknown>
    messages.set(name, { name, cls, fields })
    for (const nested of definition.getNestedTypeList()) addMessage(nested, `${name}.`, cls)
    for (const nested of definition.getEnumTypeList()) addEnum(nested, `${name}.`)
  }

  for (const file of set.getFileList()) {
    const scope = `${file.getPackage()}.`
    const module = await importGenerated(file, '_pb.js')
    for (const message of file.getMessageTypeList()) addMessage(message, scope, module)
    for (const definition of file.getEnumTypeList()) addEnum(definition, scope)
    if (file.getServiceList().length === 0) continue
    const stubs = await importGenerated(file, '_grpc_pb.js')
    for (const service of file.getServiceList()) {
      const definition = stubs[`${service.getName()}Service`] as ServiceInfo['definition']
      services.push({ name: `${scope}${service.getName()}`, definition })
    }
  }
  return { messages, maps, enums, services }
}
