import type { Problem } from './wire.js'

/** The permanent codes of the gateway's errors. */
export type ErrorCode = Problem['code']

/**
 * What can go wrong before the gateway has a say: `connection_failed` (no answer, or one that broke off), `timeout`
 * (`timeoutMs` is over), and `unexpected_answer` (not the gateway's: a proxy's page, another server).
 */
export type ClientCode = 'connection_failed' | 'timeout' | 'unexpected_answer'

/** What is known of a failure beside its message. */
export interface ProblemFacts {
  readonly code: ErrorCode | ClientCode
  /** HTTP status; 0 where there was no answer. */
  readonly status?: number
  readonly requestId?: string | undefined
  readonly problem?: Problem | undefined
  readonly retryAfterSeconds?: number | undefined
  readonly cause?: unknown
}

/** An error that the gateway answered, or that kept it from answering; `message` says what was wrong in words. */
export class GatewayProblem extends Error {
  override readonly name = 'GatewayProblem'
  /** Permanent, to branch on. */
  readonly code: ErrorCode | ClientCode
  /** HTTP status; 0 where there was no answer. */
  readonly status: number
  /** Finds the request in the gateway's log. */
  readonly requestId: string | undefined
  /** The whole document (RFC 9457), where the gateway sent one. */
  readonly problem: Problem | undefined
  /** When to try again, where the gateway said so. */
  readonly retryAfterSeconds: number | undefined

  constructor(message: string, facts: ProblemFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.code = facts.code
    this.status = facts.status ?? 0
    this.requestId = facts.requestId
    this.problem = facts.problem
    this.retryAfterSeconds = facts.retryAfterSeconds
  }
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<Problem>).code === 'string' &&
    typeof (value as Partial<Problem>).detail === 'string'
  )
}

/** Seconds that a `retry-after` names, as a number or as a date; `undefined` where it names none. */
export function parseRetryAfter(text: string | null, now = Date.now()): number | undefined {
  if (text === null || text.trim() === '') return undefined
  const seconds = Number(text)
  if (Number.isFinite(seconds)) return Math.max(0, seconds)
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000)
}

/** Reads an answer that is no success as an error. */
export async function readProblem(response: Response): Promise<GatewayProblem> {
  const { status, statusText, headers } = response
  const text = await response.text()
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {}
  const facts = {
    status,
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfterSeconds: parseRetryAfter(headers.get('retry-after')),
  }
  if (!isProblem(body)) {
    const message = `Not the gateway's answer: ${status} ${statusText}`.trim()
    return new GatewayProblem(message, { ...facts, code: 'unexpected_answer' })
  }
  return new GatewayProblem(body.detail, {
    ...facts,
    requestId: body.request_id ?? facts.requestId,
    code: body.code,
    problem: body,
  })
}
