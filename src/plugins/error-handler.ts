import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { GatewayError } from '../errors.js'
import { PROBLEM_MEDIA_TYPE, toProblem } from '../schemas/problem.js'
import { toGatewayError } from './foreign-errors.js'
import { RouteTable } from './route-table.js'
import { unroutableReason } from './unroutable.js'

/** How an error is written. */
export interface ErrorBody {
  /** The status, where it is not the error's own. */
  readonly status?: number
  readonly type: string
  readonly body: unknown
}

/** Answers an error as problem+json, and logs it. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  sendError(error, request, reply, (problem) => ({
    type: PROBLEM_MEDIA_TYPE,
    body: toProblem(problem, request.id),
  }))
}

/**
 * Answers an error in the form that `write` gives it, and logs it: what is ours to mend with cause and stack, the rest as
 * a fact.
 */
export function sendError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  write: (problem: GatewayError) => ErrorBody,
): void {
  // Nobody reads the answer, and what failed because its client left is no failure of ours.
  if (request.cancellation?.aborted) {
    reply.hijack()
    return
  }
  const problem = toGatewayError(error)
  const { code, statusCode, retryAfterSeconds } = problem
  if (statusCode >= 500) request.log.error({ err: problem, code }, 'request failed')
  else request.log.info({ code, detail: problem.message }, 'request refused')
  if (request.server.hasDecorator('metrics')) request.server.metrics.countError(code)
  if (retryAfterSeconds !== undefined) reply.header('retry-after', Math.ceil(retryAfterSeconds))
  const { status = statusCode, type, body } = write(problem)
  reply
    .code(status)
    .header('x-request-id', request.id)
    .header('cache-control', 'no-store')
    .type(type)
    // Serialized here, so that no schema can make an error of an error; as bytes, because Fastify adds a charset to
    // text, which this media type does not have.
    .send(Buffer.from(JSON.stringify(body)))
}

/**
 * Makes every error of every route the same kind of answer, unknown paths and methods included. Give Fastify
 * `routeUnroutable` as `frameworkErrors` too, for what fails before a route is found. Register it before the routes.
 */
export default fp(
  async (app) => {
    const routes = new RouteTable()
    app.addHook('onRoute', ({ method, url }) => routes.add(method, url))
    app.setErrorHandler(sendProblem)
    app.setNotFoundHandler((request, reply) => {
      const unroutable = unroutableReason(request)
      if (unroutable !== undefined) throw unroutable
      const [path = ''] = request.url.split('?')
      const allowed = routes.methodsOf(path)
      // A route may take only some values of a parameter: then the method is not what was wrong.
      if (allowed.length === 0 || allowed.includes(request.method)) {
        throw new GatewayError('route_not_found', `There is no route ${shorten(path)}; see /docs`)
      }
      reply.header('allow', allowed.join(', '))
      throw new GatewayError(
        'method_not_allowed',
        `${shorten(path)} answers ${allowed.join(', ')}, not ${request.method}`,
      )
    })
  },
  { name: 'error-handler', fastify: '5.x' },
)

function shorten(path: string): string {
  return path.length <= 200 ? path : `${path.slice(0, 200)}...`
}
