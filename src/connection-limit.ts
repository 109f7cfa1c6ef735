import type { Socket } from 'node:net'
import { addressOf } from './plugins/client-of.js'

/**
 * Connections that are closed because all are taken: `idle` for one without a request under way, `newest` for one of the
 * address that has most, `refused` for the newcomer itself.
 */
export const CLOSED_CONNECTIONS = ['idle', 'newest', 'refused'] as const
export type ClosedConnection = (typeof CLOSED_CONNECTIONS)[number]

interface Connection {
  readonly end: string
  readonly address: string
  socket: Socket
  /** Requests on it that are not over; for ever one where it has become a stream. */
  requests: number
}

/**
 * The connections of a server, at most `most`. Where all are taken, a newcomer takes the place of one that is idle: of the
 * address that has most, the one idle longest. HTTP lets an idle connection be closed at any time, and headers that trickle in
 * are no request yet, so that who opens connections and leaves them there keeps nobody out. Where none is idle, the address
 * that has most loses its newest to one that has less; only then is the newcomer closed, without an answer: writing one
 * would hold what there is no room for.
 */
export class ConnectionLimit {
  readonly #most: number
  readonly #onClosed: (which: ClosedConnection) => void
  /** By the client's end, because TLS has two sockets for one connection; whose request began or ended last is last. */
  readonly #open = new Map<string, Connection>()
  readonly #counts = new Map<string, number>()

  constructor(most: number, onClosed: (which: ClosedConnection) => void) {
    this.#most = most
    this.#onClosed = onClosed
  }

  /** How many are open. */
  get open(): number {
    return this.#open.size
  }

  /** Takes a connection that was just made, and may destroy it or another for it. */
  add(socket: Socket): void {
    // Reset before it was looked at.
    if (socket.remoteAddress === undefined) return
    const address = addressOf(socket.remoteAddress)
    if (this.#open.size >= this.#most && !this.#makeRoom(address)) {
      this.#onClosed('refused')
      socket.destroy()
      return
    }
    const connection = { end: endOf(socket), address, socket, requests: 0 }
    // A client may use its port again before it is told here that the old connection is closed.
    const old = this.#open.get(connection.end)
    if (old !== undefined) this.#remove(old)
    this.#open.set(connection.end, connection)
    this.#counts.set(address, this.#countOf(address) + 1)
    socket.once('close', () => this.#remove(connection))
  }

  /** A connection speaks TLS from here on, by this socket. */
  secure(socket: Socket): void {
    const connection = this.#open.get(endOf(socket))
    if (connection !== undefined) connection.socket = socket
  }

  /** A request has begun; call the result when it is over. */
  begin(socket: Socket): () => void {
    const connection = this.#open.get(endOf(socket))
    if (connection === undefined) return () => {}
    this.#change(connection, 1)
    return () => this.#change(connection, -1)
  }

  #change(connection: Connection, by: number): void {
    connection.requests += by
    if (this.#open.get(connection.end) !== connection) return
    this.#open.delete(connection.end)
    this.#open.set(connection.end, connection)
  }

  #makeRoom(newcomer: string): boolean {
    const idle = this.#longestIdle()
    const closed = idle ?? this.#newestOfMost(this.#countOf(newcomer) + 1)
    if (closed === undefined) return false
    this.#onClosed(idle === undefined ? 'newest' : 'idle')
    this.#remove(closed)
    closed.socket.destroy()
    return true
  }

  #longestIdle(): Connection | undefined {
    let found: Connection | undefined
    let most = 0
    for (const it of this.#open.values()) {
      if (it.requests > 0 || this.#countOf(it.address) <= most) continue
      found = it
      most = this.#countOf(it.address)
    }
    return found
  }

  /** The newest connection of the address that has most, when those are more than `count`. */
  #newestOfMost(count: number): Connection | undefined {
    let found: Connection | undefined
    let most = count + 1
    for (const it of this.#open.values()) {
      if (this.#countOf(it.address) < most) continue
      found = it
      most = this.#countOf(it.address)
    }
    return found
  }

  #remove(connection: Connection): void {
    const { end, address } = connection
    if (this.#open.get(end) !== connection) return
    this.#open.delete(end)
    const count = this.#countOf(address) - 1
    if (count === 0) this.#counts.delete(address)
    else this.#counts.set(address, count)
  }

  #countOf(address: string): number {
    return this.#counts.get(address) ?? 0
  }
}

/** The client's end of a connection: address and port. */
export function endOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
