import { z } from 'zod'
import { ERROR_CODES, type ErrorCode, type GatewayError } from '../errors.js'

const codes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]

const codeTable = codes
  .map((code) => `- \`${code}\` (${ERROR_CODES[code].status}): ${ERROR_CODES[code].title}`)
  .join('\n')

/** The body of every error: a problem as RFC 9457 defines it, with a permanent code. */
export const Problem = z
  .object({
    type: z.string().meta({
      description:
        'URI that names the kind of problem, `urn:detection-gateway:error:` and the code',
    }),
    title: z.string().meta({ description: 'What kind of problem it is, in words' }),
    status: z.int().meta({ description: 'The HTTP status of the answer' }),
    detail: z.string().meta({
      description: 'What was wrong, what was expected, and the setting that governs it',
    }),
    code: z.enum(codes).meta({
      description: `Permanent name of the problem, for programs to branch on:\n${codeTable}`,
    }),
    request_id: z.string().meta({
      description: 'Finds this request in the log of the gateway; also in `x-request-id`',
    }),
    errors: z
      .array(
        z.object({
          field: z.string().meta({ description: 'Name of the parameter, or path into it' }),
          message: z.string().meta({ description: 'What is wrong with it' }),
        }),
      )
      .optional()
      .meta({ description: 'Every field that is wrong' }),
  })
  .meta({
    id: 'Problem',
    description: 'An error (RFC 9457)',
    examples: [
      {
        type: 'urn:detection-gateway:error:invalid_parameter',
        title: ERROR_CODES.invalid_parameter.title,
        status: ERROR_CODES.invalid_parameter.status,
        detail:
          '"min_score" must be a number from 0 to 1, not a percentage: 50 % is 0.5 (got "50")',
        code: 'invalid_parameter',
        request_id: '5b0c2f5e-5c1e-4a57-9b0f-0d6a3c1f8a11',
        errors: [
          {
            field: 'min_score',
            message: 'must be a number from 0 to 1, not a percentage: 50 % is 0.5 (got "50")',
          },
        ],
      },
    ],
  })

export type Problem = z.output<typeof Problem>

/** The media type of every error's body. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

/** Writes an error as the body that clients get; causes and stacks stay behind. */
export function toProblem(error: GatewayError, requestId: string): Problem {
  return {
    type: `urn:detection-gateway:error:${error.code}`,
    title: error.title,
    status: error.statusCode,
    detail: error.message,
    code: error.code,
    request_id: requestId,
    ...(error.fields.length > 0 && { errors: error.fields.map((field) => ({ ...field })) }),
  }
}

/** A response as Fastify and OpenAPI take it: one schema for each media type. */
export interface DocumentedResponse {
  description: string
  content: Record<string, { schema: z.ZodType }>
}

/** The `response` entries of a route that can fail with these codes, one for each status. */
export function problemResponses(...possible: ErrorCode[]): Record<number, DocumentedResponse> {
  const responses: Record<number, DocumentedResponse> = {}
  for (const code of possible) {
    const { status, title } = ERROR_CODES[code]
    const line = `\`${code}\`: ${title}`
    const earlier = responses[status]
    responses[status] = {
      description: earlier === undefined ? line : `${earlier.description}; ${line}`,
      content: { [PROBLEM_MEDIA_TYPE]: { schema: Problem } },
    }
  }
  return responses
}
