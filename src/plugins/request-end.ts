import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** What is to be told when a connection closes, by connection: one listener serves all of its requests. */
const open = new WeakMap<Socket, Set<() => void>>()

function endsOf(socket: Socket): Set<() => void> {
  const known = open.get(socket)
  if (known !== undefined) return known
  const ends = new Set<() => void>()
  open.set(socket, ends)
  socket.once('close', () => {
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
  const ends = endsOf(request.raw.socket)
  const over = () => {
    if (!ends.delete(over)) return
    reply.raw.off('close', over)
    end()
  }
  ends.add(over)
  reply.raw.once('close', over)
  if (request.raw.socket.closed) over()
}
