import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { ExportError } from '../export-error.js'

/** How a file is asked for. */
export interface GetOptions {
  readonly headers: Readonly<Record<string, string>>
  /** Whether plain http is good enough: where the content is checked against a known checksum. */
  readonly allowHttp: boolean
  /** Milliseconds without a byte after which the connection counts as dead. */
  readonly stallMs: number
}

/** A failure that another try may not meet: the connection broke, or the server has no time now. */
export class ConnectionLost extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'ConnectionLost'
  }
}

const MAX_REDIRECTS = 5
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]

/** Failures that stay however often one tries. */
const FINAL: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host',
  ECONNREFUSED: 'the host refuses the connection',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed; NODE_EXTRA_CA_CERTS names more',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is self-signed; NODE_EXTRA_CA_CERTS names more',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the certificate cannot be verified; NODE_EXTRA_CA_CERTS names more',
}

/** Gives a URL as messages show it: without credentials and signed queries. */
export function displayUrl(url: URL): string {
  return `${url.origin}${url.pathname}`
}

/**
 * Sends a GET and follows up to five redirects. Whatever the last status, its answer is returned, its body unread and
 * as it was sent (no content coding is undone). Throws `ExportError` for an address that cannot be used,
 * {@link ConnectionLost} where another try makes sense.
 */
export async function httpGet(url: URL, options: GetOptions): Promise<IncomingMessage> {
  let current = url
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    assertAllowed(current, options.allowHttp)
    const response = await send(current, options)
    const { location } = response.headers
    if (!REDIRECTS.includes(response.statusCode ?? 0) || location === undefined) return response
    response.resume()
    if (!URL.canParse(location, current.href)) {
      throw new ExportError(`${displayUrl(current)}: redirects to ${location}, which is no address`)
    }
    current = new URL(location, current)
  }
  throw new ExportError(`${displayUrl(url)}: redirects more than ${MAX_REDIRECTS} times`)
}

function assertAllowed(url: URL, allowHttp: boolean): void {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && allowHttp)) return
  if (url.protocol !== 'http:') {
    throw new ExportError(`${displayUrl(url)}: only https and http addresses can be downloaded`)
  }
  throw new ExportError(
    `${displayUrl(url)}: plain http is taken only for archives whose checksum is known, because anyone on the way ` +
      'could change it. Use https, or download the file, check it and name it by its path',
  )
}

function send(url: URL, { headers, stallMs }: GetOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest
    const sent = request(url, { headers: { ...headers, 'accept-encoding': 'identity' } }, resolve)
    sent.setTimeout(stallMs, () => {
      sent.destroy(new ConnectionLost(`nothing arrived for ${stallMs / 1000} s`))
    })
    sent.once('error', (cause: NodeJS.ErrnoException) => reject(toFailure(url, cause)))
    sent.end()
  })
}

function toFailure(url: URL, cause: NodeJS.ErrnoException): Error {
  const reason = FINAL[cause.code ?? '']
  if (reason !== undefined) {
    return new ExportError(`${displayUrl(url)}: cannot be reached: ${reason}`, { cause })
  }
  return cause instanceof ConnectionLost ? cause : new ConnectionLost(cause.message, { cause })
}
