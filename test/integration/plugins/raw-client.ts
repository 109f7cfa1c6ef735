import { connect, type Socket } from 'node:net'
import type { Test } from 'tap'

export interface RawAnswer {
  readonly status: number
  readonly head: string
  readonly body: string
}

/** A connection on which a test writes its request byte by byte. */
export interface RawClient {
  readonly socket: Socket
  write(text: string | Buffer): void
  /** Resolves with the first complete answer, whether or not the connection stays open. */
  answer(): Promise<RawAnswer>
  /** Resolves when the server has closed the connection. */
  readonly closed: Promise<void>
}

/**
 * Connects to a port of this machine, and destroys the connection with the test. Any address of 127.0.0.0/8 may be the
 * client's own.
 */
export function connectRaw(t: Test, port: number, localAddress = '127.0.0.1'): RawClient {
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  t.teardown(() => socket.destroy())
  let received = ''
  let check = () => {}
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    received += chunk
    check()
  })
  // A server that closes on a client that still writes resets it: that is what some tests provoke.
  socket.on('error', () => {})
  return {
    socket,
    write: (text) => socket.write(text),
    closed: new Promise((resolve) => socket.once('close', () => resolve())),
    answer: () =>
      new Promise((resolve, reject) => {
        check = () => {
          const parsed = parseAnswer(received)
          if (parsed !== undefined) resolve(parsed)
        }
        socket.once('close', () => reject(new Error(`closed after: ${received}`)))
        check()
      }),
  }
}

function parseAnswer(received: string): RawAnswer | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const head = received.slice(0, end)
  const body = received.slice(end + 4)
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
  if (body.length < length) return undefined
  return { status: Number(head.split(' ')[1]), head, body }
}
