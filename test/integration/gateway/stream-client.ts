import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import WebSocket, { type ClientOptions } from 'ws'
import { connectRaw, type RawClient } from '../plugins/raw-client.js'

/** A message of a stream, of whatever kind. */
export interface Message {
  readonly frame: number | null
  readonly dropped: number
  readonly detections?: readonly { readonly label: string; readonly score: number }[]
  readonly error?: { readonly code: string; readonly detail: string; readonly status: number }
  readonly changed?: readonly string[]
  readonly retry_after?: number
}

/** A client of a stream that is open. */
export interface StreamClient {
  readonly socket: WebSocket
  /** The next message that has not been read yet. */
  next(): Promise<Message>
  /** The code and the reason that the stream ended with. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
}

/** Asks for a stream; the socket may be refused. It ends with the test. */
export function askForStream(
  t: Test,
  url: string,
  query = '',
  { protocols = [], ...options }: ClientOptions & { readonly protocols?: string[] } = {},
): WebSocket {
  const address = `${url.replace('http', 'ws')}/v1/detect/stream${query}`
  const socket = new WebSocket(address, protocols, { perMessageDeflate: true, ...options })
  t.teardown(() => socket.terminate())
  return socket
}

/** Opens a stream. */
export async function openStream(
  t: Test,
  url: string,
  query = '',
  options: ClientOptions & { readonly protocols?: string[] } = {},
): Promise<StreamClient> {
  const socket = askForStream(t, url, query, options)
  const unread: Message[] = []
  let wake = () => {}
  socket.on('message', (data) => {
    unread.push(JSON.parse(String(data)) as Message)
    wake()
  })
  socket.once('close', () => wake())
  const closed = once(socket, 'close').then(([code, reason]) => ({
    code: code as number,
    reason: String(reason),
  }))
  await once(socket, 'open')
  return {
    socket,
    closed,
    next: async () => {
      while (unread.length === 0) {
        if (socket.readyState === WebSocket.CLOSED) throw new Error('the stream has ended')
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return unread.shift()!
    },
  }
}

/** The answer to a request for a stream that is refused. */
export async function refusalOf(socket: WebSocket) {
  socket.on('error', () => {})
  const [, response] = await once(socket, 'unexpected-response')
  const body = await text(response)
  const { statusCode: status, headers } = response as {
    statusCode: number
    headers: Record<string, string>
  }
  return { status, headers, body: JSON.parse(body) }
}

/** A piece of a message as it travels; masked unless told otherwise. */
export function piece(
  opcode: number,
  payload: Buffer = Buffer.alloc(0),
  { final = true, masked = true, length = payload.length } = {},
): Buffer {
  const second = masked ? 0x80 : 0
  const head =
    length < 126
      ? Buffer.from([0, second | length])
      : length < 65_536
        ? Buffer.from([0, second | 126, length >> 8, length & 0xff])
        : Buffer.concat([Buffer.from([0, second | 127]), bigEndian(length)])
  head[0] = (final ? 0x80 : 0) | opcode
  if (!masked) return Buffer.concat([head, payload])
  const mask = randomBytes(4)
  return Buffer.concat([head, mask, payload.map((byte, i) => byte ^ mask[i % 4]!)])
}

function bigEndian(length: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(length))
  return bytes
}

/** The request for a stream as it travels. */
export function upgradeRequest(query = '', headers: readonly string[] = []): string {
  return [
    `GET /v1/detect/stream${query} HTTP/1.1`,
    'host: test',
    'connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
    ...headers,
    '\r\n',
  ].join('\r\n')
}

/** Opens a stream on which a test writes its frames byte by byte. */
export async function openRaw(t: Test, url: string, query = ''): Promise<RawClient> {
  const client = connectRaw(t, Number(new URL(url).port))
  client.write(upgradeRequest(query))
  await client.answer()
  return client
}

/** A promise that is resolved by hand. */
export function latch(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}
