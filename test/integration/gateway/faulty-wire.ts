import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A TCP relay in front of a server, which can be cut, frozen and mended. */
export interface FaultyWire {
  /** gRPC address of this end. */
  readonly target: string
  /** Resets every connection and refuses new ones, as when the process dies. */
  cut(): Promise<void>
  /** Resets every connection, but takes new ones. */
  reset(): void
  /** Leads to another server from now on, as when an address gets another owner. */
  lead(port: number): void
  /** Passes nothing on any more, while connections stay open: a process that hangs, or a lost network. */
  freeze(): void
  /** Ends `cut` and `freeze`. */
  mend(): Promise<void>
}

/** Starts a relay from a free port to `port` on this machine; it ends with the test. */
export async function startWire(
  t: { teardown(fn: () => unknown): void },
  port: number,
): Promise<FaultyWire> {
  let leadsTo = port
  const pairs = new Set<readonly [Socket, Socket]>()
  let frozen = false
  const relay = (client: Socket) => {
    const server = connect({ host: '127.0.0.1', port: leadsTo })
    const pair = [client, server] as const
    pairs.add(pair)
    for (const [from, to] of [pair, [server, client]] as const) {
      from.on('data', (chunk) => {
        if (!frozen) to.write(chunk)
      })
      from.on('error', () => to.destroy())
      from.on('close', () => {
        pairs.delete(pair)
        to.destroy()
      })
    }
  }
  const reset = () => {
    for (const [client, server] of pairs) {
      breakOff(client)
      server.destroy()
    }
  }
  let listener = await listen(relay, 0)
  const own = (listener.address() as { port: number }).port
  const cut = async () => {
    if (!listener.listening) return
    const closed = once(listener, 'close')
    listener.close()
    reset()
    await closed
  }
  t.teardown(cut)
  return {
    target: `127.0.0.1:${own}`,
    cut,
    reset,
    lead: (other) => {
      leadsTo = other
      reset()
    },
    freeze: () => {
      frozen = true
    },
    mend: async () => {
      // What was lost on the way leaves a connection without meaning.
      if (frozen) reset()
      frozen = false
      if (!listener.listening) listener = await listen(relay, own)
    },
  }
}

/**
 * Resets a connection, or just closes one whose end is on its way: libuv refuses to reset that, and Node (20 to 24) then
 * forgets the handle without closing it, for which the process waits for ever at its end.
 */
function breakOff(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}

async function listen(relay: (client: Socket) => void, port: number): Promise<Server> {
  const listener = createServer(relay).listen(port, '127.0.0.1')
  await once(listener, 'listening')
  return listener
}
