import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import { z } from 'zod'
import { problemResponses } from '../schemas/problem.js'

/** What a route reads by itself: documented, but not checked by Fastify. */
export interface RouteDocumentation {
  readonly querystring?: z.ZodObject
  /** Schemas of the body by media type. */
  readonly body?: Readonly<Record<string, { readonly schema: z.ZodType }>>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    documentation?: RouteDocumentation
  }
}

export interface OpenapiOptions {
  /** Version of the gateway that the document describes. */
  readonly version: string
}

const DESCRIPTION = [
  'Detects objects in photos by a model that TensorFlow Serving runs.',
  'Every error is `application/problem+json` (RFC 9457) with a permanent `code`.',
  "Every answer has an `x-request-id`, which finds the request in the gateway's log; a client's own `x-request-id` is " +
    'kept when it is 1 to 128 letters, digits, dots, dashes and underscores.',
  'A gateway with API keys takes one as `authorization: Bearer KEY` or `x-api-key: KEY`; without keys everything is open. ' +
    'Where requests are limited, answers tell what is left in `ratelimit-limit`, `ratelimit-remaining` and ' +
    '`ratelimit-reset` (seconds). 429 and 503 say in `retry-after` when to come again.',
].join('\n\n')

/**
 * Checks and writes by zod schemas, and publishes them as OpenAPI 3.1 at `/openapi.json`, `/openapi.yaml` and, to try
 * out, at `/docs`. Register it before the routes and after every plugin that decorates requests: the pages at `/docs` have
 * only what is there by then.
 */
export default fp<OpenapiOptions>(
  async (app, { version }) => {
    app.setValidatorCompiler(validatorCompiler)
    app.setSerializerCompiler(serializerCompiler)
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Detection gateway',
          description: DESCRIPTION,
          version,
          license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        },
        servers: [{ url: '/' }],
        components: {
          securitySchemes: {
            bearer: { type: 'http', scheme: 'bearer', description: 'An API key' },
            apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'An API key' },
          },
        },
        // The empty one: a gateway without keys is open.
        security: [{ bearer: [] }, { apiKey: [] }, {}],
        tags: [
          { name: 'detection', description: 'Objects in photos' },
          { name: 'classification', description: 'What photos show' },
          { name: 'prediction', description: 'Bare outputs of any model' },
          { name: 'models', description: 'What can be asked for' },
          { name: 'operations', description: 'Health and metrics' },
        ],
      },
      transform: documentRoute,
      transformObject: (document) => tidy(withoutUnused(jsonSchemaTransformObject(document))),
    })
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: true,
      // A gateway on plain HTTP would be left without its own files.
      transformStaticCSP: (header) =>
        header
          .replace('upgrade-insecure-requests;', '')
          .replace("frame-ancestors 'self'", "frame-ancestors 'none'"),
      theme: { title: 'Detection gateway' },
      uiConfig: { tryItOutEnabled: true, displayRequestDuration: true },
    })
    const hidden = { schema: { hide: true } }
    app.get('/openapi.json', hidden, async () => app.swagger())
    app.get('/openapi.yaml', hidden, async (_request, reply) =>
      reply.type('application/yaml').send(app.swagger({ yaml: true })),
    )
  },
  {
    name: 'openapi',
    fastify: '5.x',
    dependencies: ['error-handler', 'request-id', 'cancellation', 'request-body'],
  },
)

type Transform = typeof jsonSchemaTransform

const documentRoute: Transform = (document) => {
  const { documentation = {}, public: isPublic = false } = document.route.config ?? {}
  const { body, querystring } = documentation
  const schema = {
    ...document.schema,
    ...(querystring && { querystring }),
    ...(isPublic ? { security: [] } : { response: withRefusals(document.schema?.response) }),
  }
  const transformed = jsonSchemaTransform({ ...document, schema })
  if (body === undefined) return transformed
  const content = Object.entries(body).map(([type, entry]) => [
    type,
    { schema: toJsonSchema(entry.schema) },
  ])
  return {
    ...transformed,
    schema: { ...transformed.schema, body: { content: Object.fromEntries(content) } },
  }
}

/** Adds what every route answers to clients that are not let in. */
function withRefusals(responses: unknown): Record<string, unknown> {
  const known = (responses ?? {}) as Record<string, { readonly description?: string }>
  const refusals = Object.entries(problemResponses('unauthenticated', 'rate_limited'))
  const added = refusals.map(([status, refusal]) => {
    const own = known[status]?.description
    const description = own === undefined ? refusal.description : `${own}; ${refusal.description}`
    return [status, { ...refusal, description }]
  })
  return { ...known, ...Object.fromEntries(added) }
}

function toJsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  })
  return rest
}

type OpenapiDocument = ReturnType<typeof jsonSchemaTransformObject>

interface WithComponents {
  readonly paths?: unknown
  readonly components?: { readonly schemas?: Record<string, unknown> }
}

/** Drops the component schemas that nothing refers to: the provider adds an input form of every answer. */
function withoutUnused(document: OpenapiDocument): OpenapiDocument {
  // The type is a union over OpenAPI 2 to 3.2; this is what its members from 3.0 on have in common.
  const { paths, components } = document as WithComponents
  const schemas = components?.schemas ?? {}
  const used = new Set<string>()
  const visit = (value: unknown) => {
    const text = JSON.stringify(value) ?? ''
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name === undefined || used.has(name)) continue
      used.add(name)
      visit(schemas[name])
    }
  }
  visit(paths)
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)))
  return { ...document, components: { ...components, schemas: kept } } as OpenapiDocument
}

/** Drops the bounds that zod gives every integer, which are JavaScript's and no promise of this API. */
function tidy(document: OpenapiDocument): OpenapiDocument {
  return JSON.parse(JSON.stringify(document), (key, value: unknown) => {
    const bound = key === 'minimum' || key === 'maximum'
    return bound && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER ? undefined : value
  })
}
