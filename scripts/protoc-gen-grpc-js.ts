/**
 * Is the protoc plugin that writes `*_grpc_pb.js`: the service definitions and client classes that
 * ts-protoc-gen's `*_grpc_pb.d.ts` (`service=grpc-node,mode=grpc-js`) declare but nobody writes.
 * protoc speaks to it by CodeGeneratorRequest on stdin and CodeGeneratorResponse on stdout.
 */
import { posix } from 'node:path'
import { buffer } from 'node:stream/consumers'
import plugin from 'google-protobuf/google/protobuf/compiler/plugin_pb.js'
import type {
  DescriptorProto,
  FileDescriptorProto,
  MethodDescriptorProto,
  ServiceDescriptorProto,
} from 'google-protobuf/google/protobuf/descriptor_pb.js'

/** Where the JavaScript class of a message is: its file's module, and its name inside that. */
interface ClassRef {
  readonly file: string
  readonly path: string
}

const PREAMBLE = `// GENERATED CODE -- DO NOT EDIT!

'use strict'

const grpc = require('@grpc/grpc-js')`

// Both conversions are views: a copy of a request is as large as the picture inside it, and
// google-protobuf copies a Buffer, but not a plain Uint8Array.
const CONVERTERS = `const serialize = (message) => {
  const bytes = message.serializeBinary()
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

const deserialize = (type) => (buffer) =>
  type.deserializeBinary(new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength))`

/** Names the variable that holds a file's module: `a/b.proto` is `a_b_pb`. */
const moduleVariable = (file: string) =>
  `${file.replace(/\.proto$/, '').replaceAll(/[^A-Za-z0-9]/g, '_')}_pb`

/** Finds a file's module as seen from another's; protobuf's own come with the runtime. */
const modulePath = (from: string, file: string) => {
  const module = file.replace(/\.proto$/, '_pb.js')
  if (file.startsWith('google/protobuf/')) return `google-protobuf/${module}`
  return `${posix.relative(posix.dirname(from), '.') || '.'}/${module}`
}

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)

/** Lists every message of a file, nested ones included, by full name with a leading dot. */
const indexMessages = (file: FileDescriptorProto): [string, ClassRef][] => {
  const scope = file.getPackage() ? `.${file.getPackage()}.` : '.'
  const visit = (message: DescriptorProto, outer: string): [string, ClassRef][] => {
    const path = `${outer}${message.getName()}`
    return [
      [`${scope}${path}`, { file: file.getName() ?? '', path }],
      ...message.getNestedTypeList().flatMap((nested) => visit(nested, `${path}.`)),
    ]
  }
  return file.getMessageTypeList().flatMap((message) => visit(message, ''))
}

/** Writes one method of a service definition, as grpc-js wants it (`grpc.MethodDefinition`). */
const writeMethod = (
  serviceName: string,
  method: MethodDescriptorProto,
  classOf: (type: string) => string,
) => {
  const request = classOf(method.getInputType() ?? '')
  const response = classOf(method.getOutputType() ?? '')
  return `  ${lowerFirst(method.getName() ?? '')}: {
    path: '/${serviceName}/${method.getName()}',
    requestStream: ${method.getClientStreaming() ?? false},
    responseStream: ${method.getServerStreaming() ?? false},
    requestType: ${request},
    responseType: ${response},
    requestSerialize: serialize,
    requestDeserialize: deserialize(${request}),
    responseSerialize: serialize,
    responseDeserialize: deserialize(${response}),
  },`
}

/** Writes the service definition and the client class of one service. */
const writeService = (
  packageName: string,
  service: ServiceDescriptorProto,
  classOf: (type: string) => string,
) => {
  const name = service.getName() ?? ''
  const fullName = packageName === '' ? name : `${packageName}.${name}`
  const methods = service.getMethodList().map((method) => writeMethod(fullName, method, classOf))
  return `exports.${name}Service = {
${methods.join('\n')}
}

exports.${name}Client = grpc.makeGenericClientConstructor(exports.${name}Service, '${name}')`
}

/** Writes the module of a file with services. */
const writeModule = (file: FileDescriptorProto, messages: ReadonlyMap<string, ClassRef>) => {
  const from = file.getName() ?? ''
  const imports = new Set<string>()
  const classOf = (type: string) => {
    const found = messages.get(type)
    if (found === undefined) throw new Error(`${from} uses ${type}, which no file defines`)
    const module = `require('${modulePath(from, found.file)}')`
    imports.add(`const ${moduleVariable(found.file)} = ${module}`)
    return `${moduleVariable(found.file)}.${found.path}`
  }
  const services = file
    .getServiceList()
    .map((service) => writeService(file.getPackage() ?? '', service, classOf))
  const head = [PREAMBLE, ...[...imports].sort()].join('\n')
  return `${[head, CONVERTERS, ...services].join('\n\n')}\n`
}

const request = plugin.CodeGeneratorRequest.deserializeBinary(
  new Uint8Array(await buffer(process.stdin)),
)
const messages = new Map(request.getProtoFileList().flatMap(indexMessages))
const wanted = new Set(request.getFileToGenerateList())
const response = new plugin.CodeGeneratorResponse()
response.setSupportedFeatures(plugin.CodeGeneratorResponse.Feature.FEATURE_PROTO3_OPTIONAL)

for (const file of request.getProtoFileList()) {
  const name = file.getName() ?? ''
  if (!wanted.has(name) || file.getServiceList().length === 0) continue
  const output = new plugin.CodeGeneratorResponse.File()
  output.setName(name.replace(/\.proto$/, '_grpc_pb.js'))
  output.setContent(writeModule(file, messages))
  response.addFile(output)
}
process.stdout.write(response.serializeBinary())
