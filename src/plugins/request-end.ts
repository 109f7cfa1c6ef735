import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** The status that requests are counted under whose client left before the answer was complete: nginx's number for it. */
export const CLIENT_LEFT = 499

/** The status of a request whose connection became a WebSocket. */
export const UPGRADED = 101

/** The status that a request ended with, once it is over. */
export function statusAtEnd({ raw }: Pick<FastifyReply, 'raw'>): number {
  if (raw.writableFinished || raw.statusCode === UPGRADED) return raw.statusCode
  return CLIENT_LEFT
}

/** What is to be told when something closes: one listener serves all. */
const waiting = new WeakMap<Socket | ServerResponse, Set<() => void>>()

function endsOf(emitter: Socket | ServerResponse): Set<() => void> {
  const known = waiting.get(emitter)
  if (known !== undefined) return known
  const ends = new Set<() => void>()
  waiting.set(emitter, ends)
  emitter.once('close', () => {
    for (const end of ends) end()
  })
  return ends
}

/**
 * Calls `end` once, when a request is over: its answer has been handed over whole, or its connection is gone. A request
 * that was pipelined behind others has no connection of its own yet, and its response then says nothing of a client that
 * leaves.
 */
export function onceOver(request: FastifyRequest, reply: FastifyReply, end: () => void): void {
  const { socket } = request.raw
  const ofSocket = endsOf(socket)
  const ofResponse = endsOf(reply.raw)
  const over = () => {
    if (!ofSocket.delete(over)) return
    ofResponse.delete(over)
    end()
  }
  ofSocket.add(over)
  ofResponse.add(over)
  if (socket.closed) over()
}
