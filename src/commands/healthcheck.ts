import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { parseArgs } from 'node:util'
import { type Config, loadConfig } from '../config.js'

const TIMEOUT_MS = 3000

const HELP = `Usage: detection-gateway healthcheck

Asks /livez of the gateway on this machine, at the HOST and PORT, or OPERATIONS_HOST and OPERATIONS_PORT, of the environment,
for ${TIMEOUT_MS / 1000} s at most. The exit status is 1, and the reason on the standard error, when it does not live.

  --help   show this text`

/** A server that refuses a client for its missing certificate has answered it: TLS' own words for that. */
const NEEDS_CERTIFICATE = 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'

/**
 * Asks the gateway of this machine whether it lives (`/livez`), on its operations port where it has one: a container image
 * has no curl for it. Rejects with the reason when it does not.
 */
export async function healthcheck(env: NodeJS.ProcessEnv, args: string[] = []): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { help: { type: 'boolean', short: 'h', default: false } },
  })
  if (values.help) return console.log(HELP)
  const status = await ask(livezOf(loadConfig(env)))
  if (status !== 200) throw new Error(`/livez answered ${status}`)
}

function livezOf(config: Config): URL {
  const { host, port, operationsPort, operationsHost } = config
  const secure = operationsPort === undefined && config.tlsCertFile !== undefined
  const listens = operationsPort === undefined ? host : (operationsHost ?? host)
  const address = listens === '0.0.0.0' || listens === '::' ? '127.0.0.1' : listens
  const name = address.includes(':') ? `[${address}]` : address
  return new URL(`http${secure ? 's' : ''}://${name}:${operationsPort ?? port}/livez`)
}

function ask(url: URL): Promise<number | undefined> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'http:'
        ? requestHttp(url, { signal })
        : // Its certificate is for the names that clients use, and no secret is sent.
          requestHttps(url, { signal, rejectUnauthorized: false, minVersion: 'TLSv1.3' })
    request.on('response', (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    request.on('error', (error: Error & { code?: string }) => {
      if (error.code === NEEDS_CERTIFICATE) resolve(200)
      else reject(error)
    })
    request.end()
  })
}
