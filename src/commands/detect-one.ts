import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { GatewayProblem } from '../client/client.js'
import { STANDARD_INPUT } from './detect-files.js'
import type { DetectCommand } from './detect-options.js'
import type { DetectRecord } from './detect-record.js'
import type { GatewayPool } from './gateway-pool.js'

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

/** Where the annotated picture of a file goes: its own path below the folder, with an ending that tells the truth. */
export function picturePath(folder: string, file: string, format: string): string {
  const parts = file.split(/[\\/]+/).filter((part) => part !== '' && part !== '.' && part !== '..')
  const path = file === STANDARD_INPUT ? 'stdin' : parts.join('/')
  const ending = extname(path).toLowerCase().slice(1)
  const fits = ending === format || (format === 'jpeg' && ending === 'jpg')
  return join(folder, fits ? path : `${path}.${format === 'jpeg' ? 'jpg' : format}`)
}

/** Asks gateways about files, one at a time, and stops when it makes no sense to ask on. */
export class FileDetector {
  readonly #pool: GatewayPool
  readonly #command: DetectCommand
  readonly #signal: AbortSignal
  #lost = 0

  constructor(pool: GatewayPool, command: DetectCommand, signal: AbortSignal) {
    this.#pool = pool
    this.#command = command
    this.#signal = signal
  }

  /** Gives what became of a file. Rejects only for what concerns all files. */
  async detect(file: string): Promise<DetectRecord> {
    this.#signal.throwIfAborted()
    try {
      const bytes = file === STANDARD_INPUT ? await buffer(process.stdin) : await readFile(file)
      const image = new File([new Uint8Array(bytes)], basename(file))
      const options = { signal: this.#signal }
      const { parameters } = this.#command
      const answer = await this.#pool.ask(
        (client) => client.detect(image, parameters, options),
        this.#signal,
      )
      if (this.#command.pictures !== undefined) await this.#draw(file, image)
      this.#lost = 0
      return { file, ...answer }
    } catch (error) {
      return { file, error: this.#explain(error) }
    }
  }

  async #draw(file: string, image: File): Promise<void> {
    const { pictures, parameters } = this.#command
    const { folder, format } = pictures!
    const options = { signal: this.#signal }
    const picture = await this.#pool.ask(
      (client) => client.detectFile(image, { ...parameters, format }, options),
      this.#signal,
    )
    const path = picturePath(folder, file, format)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, new Uint8Array(await picture.arrayBuffer()))
  }

  #explain(error: unknown) {
    if (this.#signal.aborted) throw error
    if (!(error instanceof GatewayProblem)) {
      if (!(error instanceof Error)) throw error
      return { code: 'file_unreadable', detail: error.message }
    }
    this.#lost = error.code === 'connection_failed' ? this.#lost + 1 : 0
    if (CONCERNS_ALL.has(error.code) || this.#lost >= GONE_AFTER) throw error
    return { code: error.code, detail: error.message, request_id: error.requestId }
  }
}
