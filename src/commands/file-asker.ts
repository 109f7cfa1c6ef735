import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { GatewayProblem } from '../client/client.js'
import type { FileRecord, RecordError } from './file-record.js'
import { STANDARD_INPUT } from './find-files.js'
import type { GatewayPool } from './gateway-pool.js'
import { systemProblem } from './system-problem.js'

/** Codes that tell of the request, not of the picture: each further file would get the same. */
const CONCERNS_ALL: ReadonlySet<string> = new Set([
  'invalid_parameter',
  'parameter_conflict',
  'model_not_found',
  'version_not_found',
  'task_mismatch',
  'unauthenticated',
  'forbidden',
  'unexpected_answer',
  'route_not_found',
])

/** Files in a row that could not be sent before the gateway counts as gone. */
const GONE_AFTER = 5

/** Asks gateways about the picture of one file, as a command does. */
export type AskAbout<Answer> = (
  pool: GatewayPool,
  picture: { readonly file: string; readonly image: File },
  signal: AbortSignal,
) => Promise<Answer>

/** Why a file has no answer, for a reason that is not the gateway's. */
export class FileProblem extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Gives the bytes of a file, or of the standard input. Rejects with a `FileProblem`. */
async function readPicture(file: string): Promise<Buffer> {
  const isStandardInput = file === STANDARD_INPUT
  const reading = isStandardInput ? buffer(process.stdin) : readFile(file)
  const bytes = await reading.catch((cause: unknown) => {
    throw new FileProblem('file_unreadable', `It cannot be read: ${systemProblem(cause)}`)
  })
  if (bytes.length > 0) return bytes
  const name = isStandardInput ? 'standard input' : 'file'
  throw new FileProblem('file_empty', `The ${name} has no bytes`)
}

/** Asks gateways about files, one at a time, and stops when it makes no sense to ask on. */
export class FileAsker<Answer extends object> {
  readonly #pool: GatewayPool
  readonly #askAbout: AskAbout<Answer>
  readonly #signal: AbortSignal
  #lost = 0

  constructor(pool: GatewayPool, askAbout: AskAbout<Answer>, signal: AbortSignal) {
    this.#pool = pool
    this.#askAbout = askAbout
    this.#signal = signal
  }

  /** Gives what became of a file. Rejects only for what concerns all files. */
  async ask(file: string): Promise<FileRecord<Answer>> {
    this.#signal.throwIfAborted()
    try {
      const bytes = await readPicture(file)
      const image = new File([new Uint8Array(bytes)], basename(file))
      const answer = await this.#askAbout(this.#pool, { file, image }, this.#signal)
      this.#lost = 0
      return { file, ...answer }
    } catch (error) {
      return { file, error: this.#explain(error) }
    }
  }

  #explain(error: unknown): RecordError {
    if (this.#signal.aborted) throw error
    if (error instanceof FileProblem) return { code: error.code, detail: error.message }
    if (!(error instanceof GatewayProblem)) throw error
    this.#lost = error.code === 'connection_failed' ? this.#lost + 1 : 0
    if (CONCERNS_ALL.has(error.code) || this.#lost >= GONE_AFTER) throw error
    return { code: error.code, detail: error.message, request_id: error.requestId }
  }
}
