import { parse } from 'yaml'

/** What of OpenAPI's schemas this program's document uses. */
interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: string | number | boolean
  readonly enum?: readonly (string | number)[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly required?: readonly string[]
  readonly description?: string
}

interface OpenApi {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
  readonly paths: Readonly<
    Record<
      string,
      { post?: { requestBody?: { content: Readonly<Record<string, { schema: Schema }>> } } }
    >
  >
}

/** The schemas that the client's methods answer; what these refer to is added. */
const ANSWERS = [
  'Problem',
  'DetectResponse',
  'BatchItem',
  'ClassifyResponse',
  'ClassifyItem',
  'RegressResponse',
  'RegressItem',
  'ModelsResponse',
  'ModelResponse',
  'LabelsResponse',
  'StreamMessage',
]

const HEAD = `// Written by \`npm run openapi\` from openapi.yaml: what goes over the wire, in TypeScript.
`

const REFERENCE = '#/components/schemas/'

/** Writes the types of the client from the text of openapi.yaml. Throws for a schema that it does not know how to write. */
export function clientTypes(yaml: string): string {
  const document = parse(yaml) as OpenApi
  const { schemas } = document.components
  const types = reachable(schemas, ANSWERS).map((name) => declare(name, schemas[name]!))
  const parameters = [
    declare('DetectParameters', {
      ...parametersOf(document, '/v1/detect'),
      description: 'What can be asked of a detection; the same names as in forms, queries and JSON',
    }),
    declare('ClassifyParameters', {
      ...parametersOf(document, '/v1/classify'),
      description: 'What can be asked of a classification; the same names as in forms and JSON',
    }),
    declare('RegressParameters', {
      ...parametersOf(document, '/v1/regress'),
      description: 'What can be asked of a regression; the same names as in forms and JSON',
    }),
  ]
  return `${HEAD}\n${[...types, ...parameters].join('\n\n')}\n`
}

/** What a route takes as JSON beside the image. */
function parametersOf({ paths }: OpenApi, path: string): Schema {
  const body = paths[path]?.post?.requestBody?.content['application/json']?.schema
  if (body?.properties === undefined) throw new Error(`openapi.yaml: ${path} takes no JSON`)
  const { image: _, ...properties } = body.properties
  return { type: 'object', properties }
}

function reachable(schemas: Readonly<Record<string, Schema>>, from: readonly string[]): string[] {
  const found = new Set<string>()
  const visit = (name: string) => {
    if (found.has(name)) return
    found.add(name)
    const text = JSON.stringify(schemas[name])
    if (text === undefined) throw new Error(`openapi.yaml: there is no schema ${name}`)
    for (const [, next] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) visit(next!)
  }
  for (const name of from) visit(name)
  return [...found].sort()
}

function declare(name: string, schema: Schema): string {
  return `${comment(schema.description, '')}export type ${name} = ${write(schema, '')}`
}

function comment(text: string | undefined, indent: string): string {
  if (text === undefined) return ''
  const lines = text.replaceAll('*/', '* /').split('\n')
  if (lines.length === 1) return `${indent}/** ${lines[0]}. */\n`.replace(/\.\. \*\/\n$/, '. */\n')
  return `${[`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`].join('\n')}\n`
}

function write(schema: Schema, indent: string): string {
  if (schema.$ref !== undefined) return schema.$ref.slice(REFERENCE.length)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  const union = schema.anyOf ?? schema.oneOf
  if (union !== undefined) return union.map((it) => write(it, indent)).join(' | ')
  if (schema.enum !== undefined) return schema.enum.map((it) => JSON.stringify(it)).join(' | ')
  if (Array.isArray(schema.type)) {
    return schema.type.map((type) => write({ ...schema, type }, indent)).join(' | ')
  }
  return writeType(schema, schema.type as string | undefined, indent)
}

function writeType(schema: Schema, type: string | undefined, indent: string): string {
  switch (type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return type
    case 'integer':
      return 'number'
    case 'array':
      return writeArray(write(schema.items ?? {}, indent))
    case 'object':
      return writeObject(schema, indent)
    case undefined:
      return 'unknown'
  }
  throw new Error(`openapi.yaml: cannot write a ${type} in TypeScript`)
}

function writeArray(item: string): string {
  return /^[\w.]+$/.test(item) ? `readonly ${item}[]` : `readonly (${item})[]`
}

function writeObject({ properties, additionalProperties, required }: Schema, indent: string) {
  if (properties === undefined) {
    const values =
      typeof additionalProperties === 'object' ? write(additionalProperties, indent) : 'unknown'
    return `{ readonly [name: string]: ${values} }`
  }
  const inner = `${indent}  `
  const fields = Object.entries(properties).map(([name, schema]) => {
    const optional = required?.includes(name) ? '' : '?'
    return `${comment(schema.description, inner)}${inner}readonly ${name}${optional}: ${write(schema, inner)}\n`
  })
  return `{\n${fields.join('')}${indent}}`
}
