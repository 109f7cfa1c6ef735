import { GatewayError } from '../../errors.js'
import type { DetectParameters } from '../../schemas/parameters.js'
import { fromQuery, parseParameters, type RawParameter } from '../../schemas/parse-parameters.js'
import { refuseRedaction } from '../answer-format.js'
import { parseObject } from '../body/json-body.js'

/** The parameters of a stream: those of its query, as its messages have changed them since. */
export class StreamParameters {
  readonly #check: (parameters: DetectParameters) => void
  #raw: readonly RawParameter[]
  #current: DetectParameters

  /** Throws `invalid_parameter` or `parameter_conflict`. `check` throws for values that the gateway does not take. */
  constructor(query: unknown, check: (parameters: DetectParameters) => void) {
    this.#check = check
    this.#raw = fromQuery(query)
    this.#current = this.#parse(this.#raw)
  }

  get current(): DetectParameters {
    return this.#current
  }

  /**
   * Takes the parameters that a JSON object names in place of their earlier values; null goes back to the default. Gives
   * their names. Throws as the constructor does, or `malformed_request`, and then changes nothing.
   */
  change(message: Buffer): string[] {
    const given = Object.entries(parseObject(message))
    const names = new Set(given.map(([name]) => name))
    const kept = this.#raw.filter(({ name }) => !names.has(name))
    const raw = [
      ...kept,
      ...given.map(([name, value]) => ({ name, value, place: 'JSON' as const })),
    ]
    this.#current = this.#parse(raw)
    this.#raw = raw
    return [...names]
  }

  #parse(raw: readonly RawParameter[]): DetectParameters {
    const parameters = parseParameters(raw)
    refuseFormat(parameters)
    refuseRedaction(parameters, 'a stream')
    this.#check(parameters)
    return parameters
  }
}

function refuseFormat({ format }: DetectParameters): void {
  if (format === undefined || format === 'json') return
  const message = 'must be json: a stream answers nothing else'
  throw new GatewayError('invalid_parameter', `"format" ${message}`, {
    fields: [{ field: 'format', message }],
  })
}
