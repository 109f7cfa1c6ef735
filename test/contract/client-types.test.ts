import { readFile } from 'node:fs/promises'
import t from 'tap'
import { clientTypes } from '../../scripts/client-types.js'

const read = (name: string) => readFile(new URL(`../../${name}`, import.meta.url), 'utf8')

t.test("the client's types are those of openapi.yaml; npm run openapi writes them", async (t) => {
  t.equal(await read('src/client/wire.ts'), clientTypes(await read('openapi.yaml')))
})

t.test('schemas become types', async (t) => {
  const yaml = (answer: string, body: string) => `
paths:
  /v1/detect: { post: { requestBody: { content: { application/json: { schema: ${body} } } } } }
  /v1/classify: { post: { requestBody: { content: { application/json: { schema: ${body} } } } } }
  /v1/regress: { post: { requestBody: { content: { application/json: { schema: ${body} } } } } }
components:
  schemas:
    Problem: ${answer}
    DetectResponse: { type: array, items: { type: [string, "null"] } }
    BatchItem: { anyOf: [{ $ref: "#/components/schemas/Other" }, { type: "null" }] }
    ClassifyResponse: { type: string }
    ClassifyItem: { type: string }
    RegressResponse: { type: string }
    RegressItem: { type: string }
    ModelsResponse: { enum: [a, b] }
    ModelResponse: { const: 200 }
    LabelsResponse: { type: object, additionalProperties: { type: integer } }
    StreamMessage: { type: string }
    Other: { type: object, properties: { a: { type: boolean } }, required: [a] }
    Unused: { type: string }
`
  const body =
    '{ type: object, properties: { image: {}, b: { type: number, description: "A */" } } }'
  const text = clientTypes(yaml('{ type: string }', body))
  t.match(text, 'export type DetectResponse = readonly (string | null)[]\n')
  t.match(text, 'export type BatchItem = Other | null\n')
  t.match(text, 'export type ModelsResponse = "a" | "b"\n')
  t.match(text, 'export type ModelResponse = 200\n')
  t.match(text, 'export type LabelsResponse = { readonly [name: string]: number }\n')
  t.match(text, 'export type Other = {\n  readonly a: boolean\n}\n')
  for (const task of ['Detect', 'Classify', 'Regress']) {
    t.match(text, `export type ${task}Parameters = {\n  /** A * /. */\n  readonly b?: number\n}\n`)
  }
  t.notMatch(text, 'Unused')
  t.throws(() => clientTypes(yaml('{ type: tuple }', body)), /cannot write a tuple/)
  const less = yaml('{ type: string }', body).replace('/v1/regress', '/v1/other')
  t.throws(() => clientTypes(less), /\/v1\/regress takes no JSON/)
  t.throws(() => clientTypes(yaml('{ $ref: "#/components/schemas/None" }', body)), /no schema None/)
})
