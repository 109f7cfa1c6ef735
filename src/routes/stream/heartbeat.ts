import type { WebSocket } from 'ws'

/** Pings in the time after which a silent client counts as gone. */
const PINGS = 3

/**
 * Pings a client, and calls `onGone` when nothing at all has come from it for `silentMs`. Time in which its socket is paused
 * does not count: nothing can be heard then, and what it does not read has a clock of its own.
 */
export class Heartbeat {
  readonly #timer: NodeJS.Timeout
  #silent = 0

  constructor(socket: WebSocket, silentMs: number, onGone: () => void) {
    this.#timer = setInterval(
      () => {
        if (socket.isPaused) return
        if (this.#silent >= PINGS) return onGone()
        this.#silent += 1
        if (socket.readyState === socket.OPEN) socket.ping()
      },
      Math.ceil(silentMs / PINGS),
    )
  }

  /** Something has come from the client. */
  heard(): void {
    this.#silent = 0
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
