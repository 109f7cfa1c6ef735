import { join } from 'node:path'
import { WIRE_640 } from '../models.js'
import { type Child, freePort, startCommand } from './child.js'

/** A server under test. */
export interface Service {
  readonly url: string
  readonly child: Child
}

export interface GatewayOptions {
  readonly name: string
  /** Folder for its log. */
  readonly directory: string
  readonly target: string
  readonly repository: string
  /** Settings beside the defaults. */
  readonly env?: NodeJS.ProcessEnv
  /** Arguments for node before the program. */
  readonly nodeArgs?: readonly string[]
  /** The program; this build's unless given. */
  readonly program?: string
}

const PROBE = new URL('../programs/gateway-probe.js', import.meta.url).pathname

/** Arguments for node that load the probe, with which the gateway can be asked for its event loop's delay. */
export const WITH_PROBE = ['--import', PROBE]

/** Starts the gateway as `npm start` does, with its default settings and its log in a file, and waits until it is ready. */
export async function startGateway(options: GatewayOptions): Promise<Service> {
  const { name, directory, target, repository, env = {}, nodeArgs = [] } = options
  const { program = 'dist/server.js' } = options
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = startCommand({
    command: process.execPath,
    args: [...nodeArgs, program],
    env: {
      HOST: '127.0.0.1',
      PORT: `${port}`,
      TF_SERVING_TARGET: target,
      MODEL_REPOSITORY: repository,
      DEFAULT_MODEL: WIRE_640.name,
      ...env,
    },
    log: join(directory, `${name}.log`),
    ipc: nodeArgs.includes(PROBE),
  })
  await child.ready(url)
  return { url, child }
}
