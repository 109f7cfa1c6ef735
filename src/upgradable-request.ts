import { IncomingMessage } from 'node:http'

/** The path at which a connection may become a WebSocket. */
export const STREAM_PATH = '/v1/detect/stream'

/** Whether each request is one that Node hands over with its connection. */
const upgrades = new WeakMap<IncomingMessage, boolean>()

/**
 * A request that becomes an upgrade only where one can be had. Node takes every `upgrade` header for one as soon as a server
 * knows any, and would hand over, unread, the bodies of clients that merely offer HTTP/2 (Java's does with each request).
 *
 * Node sets `upgrade` twice: by the parser before the headers are there, and by what the server listens to afterwards.
 */
export class UpgradableRequest extends IncomingMessage {
  get upgrade(): boolean {
    return upgrades.get(this) ?? false
  }

  set upgrade(asked: boolean | null) {
    const known = this.method !== undefined && this.method !== null
    upgrades.set(this, asked === true && (!known || isUpgrade(this)))
  }
}

function isUpgrade({ method, url = '', headers, socket }: IncomingMessage): boolean {
  // Tunnels are another matter: nobody listens for them, and Node closes the connection.
  if (method === 'CONNECT') return true
  const { _httpMessage: unanswered } = socket as typeof socket & { _httpMessage?: unknown }
  return (
    method === 'GET' &&
    url.split('?', 1)[0] === STREAM_PATH &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    Number(headers['content-length'] ?? 0) === 0 &&
    headers['transfer-encoding'] === undefined &&
    // The answer to an earlier request is on its way: nothing may be written before it.
    (unanswered === null || unanswered === undefined)
  )
}
