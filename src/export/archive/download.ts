import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { ExportError } from '../export-error.js'
import { OutputFile } from '../output-file.js'
import { ConnectionLost, displayUrl, httpGet } from './http-get.js'

export interface DownloadOptions {
  readonly url: URL
  /** Where it is written; a file that is there is replaced. */
  readonly path: string
  /** Size in bytes where it is known beforehand; a server that announces another one is refused. */
  readonly size?: number | undefined
  /** Whether plain http is good enough: where the content is checked against a known checksum. */
  readonly allowHttp: boolean
  /** Hears how much has arrived; `total` is undefined where the server does not say. */
  readonly onProgress?: (received: number, total: number | undefined) => void
  /** Milliseconds without a byte after which the connection is given up; 30,000 unless given. */
  readonly stallMs?: number | undefined
  /** Milliseconds before the first new try, twice as long before each further one; 1,000 unless given. */
  readonly pauseMs?: number | undefined
}

/** Tries in a row that bring nothing. */
const MAX_FRUITLESS_TRIES = 5

/** Larger than any detector: a guard against an address that never ends. */
const MAX_BYTES = 16 * 1024 ** 3

/** What is known of a download that is under way. */
interface Transfer {
  output: OutputFile
  /** Whole size in bytes. */
  total: number | undefined
  /** What proves that the rest belongs to the part that is here: a strong ETag, or the time of the last change. */
  validator: string | undefined
}

/**
 * Downloads a file. A connection that breaks is taken up where it broke, as long as the server can prove (`If-Range`)
 * that the file is still the same; otherwise from the beginning. Throws `ExportError` that names the address and what to
 * do when the file cannot be had.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { path, pauseMs = 1000 } = options
  const transfer: Transfer = {
    output: await OutputFile.create(path),
    total: options.size,
    validator: undefined,
  }
  try {
    for (let fruitless = 0; ; ) {
      const before = transfer.output.length
      const failure = await receive(transfer, options)
      if (failure === undefined) break
      fruitless = transfer.output.length > before ? 1 : fruitless + 1
      if (fruitless >= MAX_FRUITLESS_TRIES) throw givenUp(options.url, transfer, failure)
      await sleep(pauseMs * 2 ** (fruitless - 1))
    }
    await transfer.output.sync()
  } finally {
    await transfer.output.close()
  }
}

function givenUp(url: URL, { output, total }: Transfer, cause: ConnectionLost): ExportError {
  const size = total === undefined ? '' : ` of ${total}`
  return new ExportError(
    `${displayUrl(url)}: the download broke off at byte ${output.length}${size}: ${cause.message}. ` +
      'Try again later, or download the file by other means and name it by its path',
    { cause },
  )
}

/** Makes one try; returns what broke it off, `undefined` when all has arrived. */
async function receive(
  transfer: Transfer,
  options: DownloadOptions,
): Promise<ConnectionLost | undefined> {
  try {
    const response = await httpGet(options.url, {
      headers: rangeHeaders(transfer),
      allowHttp: options.allowHttp,
      stallMs: options.stallMs ?? 30_000,
    })
    try {
      await begin(response, transfer, options)
      await readBody(response, transfer, options)
    } finally {
      response.destroy()
    }
    return undefined
  } catch (error) {
    if (error instanceof ConnectionLost) return error
    throw error
  }
}

function rangeHeaders({ output, validator }: Transfer): Record<string, string> {
  if (output.length === 0 || validator === undefined) return {}
  return { range: `bytes=${output.length}-`, 'if-range': validator }
}

/** Takes the head of an answer: decides whether its body is the rest or the whole. */
async function begin(
  response: IncomingMessage,
  transfer: Transfer,
  options: DownloadOptions,
): Promise<void> {
  const { statusCode = 0, headers } = response
  if (statusCode === 206) {
    const start = /^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1]
    if (Number(start) === transfer.output.length) return
    await restart(transfer, options)
    throw new ConnectionLost('the server sent another part than the one asked for')
  }
  if (statusCode !== 200) throw refused(statusCode, options.url)
  if (transfer.output.length > 0) await restart(transfer, options)
  const length = headers['content-length']
  transfer.total = length === undefined ? options.size : Number(length)
  transfer.validator = strongValidator(headers.etag, headers['last-modified'])
  assertSize(transfer.total, options)
}

async function restart(transfer: Transfer, { path }: DownloadOptions): Promise<void> {
  await transfer.output.close()
  transfer.output = await OutputFile.create(path)
  transfer.validator = undefined
}

/** RFC 9110, 13.1.5: a weak ETag proves nothing about bytes. */
function strongValidator(etag: string | undefined, changed: string | undefined) {
  return etag === undefined || etag.startsWith('W/') ? changed : etag
}

function refused(status: number, url: URL): Error {
  if (status === 408 || status === 429 || status >= 500) {
    return new ConnectionLost(`the server answered ${status}`)
  }
  const why = REFUSALS[status] ?? 'the server does not hand it out'
  return new ExportError(
    `${displayUrl(url)}: answered ${status}: ${why}. Check the address, or name a local file`,
  )
}

const REFUSALS: Readonly<Record<number, string>> = {
  401: 'it wants a password',
  403: 'it may not be read',
  404: 'there is no such file',
  410: 'the file is gone',
}

function assertSize(total: number | undefined, { url, size }: DownloadOptions): void {
  if (total === undefined) return
  if (size !== undefined && total !== size) {
    throw new ExportError(
      `${displayUrl(url)}: has ${total} bytes where the published archive has ${size}: it is another file`,
    )
  }
  if (total > MAX_BYTES) {
    throw new ExportError(`${displayUrl(url)}: has ${total} bytes; at most ${MAX_BYTES} are taken`)
  }
}

async function readBody(
  response: IncomingMessage,
  transfer: Transfer,
  { url, size, onProgress }: DownloadOptions,
): Promise<void> {
  const { output, total } = transfer
  const limit = total ?? size ?? MAX_BYTES
  for await (const chunk of bodyOf(response)) {
    if (output.length + chunk.length > limit) {
      throw new ExportError(`${displayUrl(url)}: sent more than the ${limit} bytes expected`)
    }
    await output.write(chunk)
    onProgress?.(output.length, total)
  }
  if (total !== undefined && output.length < total) {
    throw new ConnectionLost('the connection was closed early')
  }
}

/** A body whose stream fails is a lost connection; failures of the disk are not. */
async function* bodyOf(response: IncomingMessage): AsyncIterable<Uint8Array> {
  const chunks = response[Symbol.asyncIterator]()
  for (;;) {
    const next = await chunks.next().catch((cause: Error) => {
      throw new ConnectionLost(cause.message, { cause })
    })
    if (next.done) return
    yield next.value
  }
}
