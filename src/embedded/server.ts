import { DemoModel } from './demo-model.js'
import { startModelServer } from './model-server.js'

export interface EmbeddedServerOptions {
  /** Address to listen on; 127.0.0.1 unless given. */
  readonly host?: string
  /** 0, the default, takes a free port. */
  readonly port?: number
  /** Opens the port when the model answers, as TensorFlow Serving does, and not at once; false unless given. */
  readonly listenWhenReady?: boolean
}

/** The embedded model server, listening. */
export interface EmbeddedServer {
  /** gRPC address, `host:port`. */
  readonly target: string
  /** Settles when the demo model answers, about a second after the start; rejects when it cannot load. */
  readonly ready: Promise<void>
  /** Settles when the model's worker has ended: with the error it ended with, or nothing after `close()`. */
  readonly stopped: Promise<Error | undefined>
  /** Cuts the calls that are still in flight after `drainMs` milliseconds (0 unless given), and ends the worker. */
  close(drainMs?: number): Promise<void>
}

/**
 * Serves the demo model over TensorFlow Serving's gRPC API. Resolves when the port is bound; until `ready` the model is
 * LOADING and Predict answers NOT_FOUND. Rejects when the address cannot be bound, and with `listenWhenReady` when the model
 * cannot load.
 */
export async function startEmbeddedServer({
  listenWhenReady = false,
  ...address
}: EmbeddedServerOptions = {}): Promise<EmbeddedServer> {
  const model = new DemoModel()
  try {
    if (listenWhenReady) await model.ready
    const server = await startModelServer({ ...address, models: [model] })
    return {
      target: server.target,
      ready: model.ready,
      stopped: model.stopped,
      close: async (drainMs = 0) => {
        await server.close(drainMs)
        await model.close()
      },
    }
  } catch (error) {
    await model.close()
    throw error
  }
}
