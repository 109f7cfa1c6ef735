import type { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** What Node calls a request by, depending on its `expect`. */
const EVENTS = ['request', 'checkContinue', 'checkExpectation']

/**
 * Bounds the requests that one connection may have sent ahead of their answers. Node reads them on and on while the first
 * is worked on: a few megabytes from one client would be a hundred thousand requests in memory, and nobody else would be
 * heard meanwhile. The connection is closed at the first beyond `most`, after `onExceeded`.
 */
export function boundPipelines(server: EventEmitter, most: number, onExceeded: () => void): void {
  const unanswered = new WeakMap<Socket, number>()
  const count = ({ socket }: IncomingMessage, response: ServerResponse) => {
    if (socket.destroyed) return
    const ahead = (unanswered.get(socket) ?? 0) + 1
    unanswered.set(socket, ahead)
    response.once('close', () => unanswered.set(socket, unanswered.get(socket)! - 1))
    if (ahead <= most) return
    onExceeded()
    socket.destroy()
  }
  for (const event of EVENTS) server.prependListener(event, count)
}
