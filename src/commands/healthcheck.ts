import { loadConfig } from '../config.js'

const TIMEOUT_MS = 3000

/**
 * Asks the gateway of this machine whether it lives (`/livez`): a container image has no curl for it. Rejects with the
 * reason when it does not.
 */
export async function healthcheck(env: NodeJS.ProcessEnv): Promise<void> {
  const { host, port } = loadConfig(env)
  const address = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const name = address.includes(':') ? `[${address}]` : address
  const response = await fetch(`http://${name}:${port}/livez`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  if (!response.ok) throw new Error(`/livez answered ${response.status}`)
}
