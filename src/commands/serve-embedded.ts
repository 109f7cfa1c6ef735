import { parseArgs } from 'node:util'
import { DEMO_MODEL_NAME } from '../embedded/demo-model.js'
import { startEmbeddedServer } from '../embedded/server.js'

const HELP = `Usage: detection-gateway serve-embedded [--host <address>] [--port <number>]

Serves the demo model ${DEMO_MODEL_NAME} over TensorFlow Serving's gRPC API until SIGTERM or SIGINT.

  --host <address>   address to listen on (default 127.0.0.1; 0.0.0.0 for all IPv4 addresses)
  --port <number>    port to listen on (default 8500, TensorFlow Serving's; 0 takes a free one)
  --help             show this text`

/** Time that calls have to end after the signal: several inferences, and less than Docker's ten seconds. */
const DRAIN_MS = 5000

/**
 * Runs the embedded model server by itself. Resolves after SIGTERM or SIGINT, when the server has stopped; rejects when
 * an argument is wrong, the address cannot be bound, or the model cannot load or stops.
 */
export async function serveEmbedded(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '8500' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  // Before anybody can know that the server runs. A handler that stays takes the repeats: npm passes a signal on that
  // the process group has already had.
  const told = new Promise<unknown>((resolve) => {
    process.on('SIGTERM', resolve).on('SIGINT', resolve)
  })
  const { host } = values
  const port = parsePort(values.port)
  // A replica that comes beside others is sent calls as soon as its port is open.
  const server = await startEmbeddedServer({ host, port, listenWhenReady: true })
  void told.then(() => server.close(DRAIN_MS))
  console.log(`Serving ${DEMO_MODEL_NAME} over gRPC on ${server.target}`)
  const failure = await server.stopped
  await server.close()
  if (failure !== undefined) throw failure
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65535) return port
  throw new Error(`--port must be a number from 0 to 65535, not ${JSON.stringify(text)}`)
}
