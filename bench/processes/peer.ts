import { mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { WIRE_FULL } from '../models.js'
import { freePort, startCommand } from './child.js'
import type { Service } from './gateway.js'
import { pythonEnvironment, runPython } from './python.js'

/** Makes the peer's protobuf modules from this project's definitions. Gives the folder that they are imported from. */
function generateProtos(environment: string): string {
  const directory = join(environment, 'protos')
  mkdirSync(directory, { recursive: true })
  const sources = readdirSync('proto', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.proto'))
    .map((name) => join('proto', name))
  const out = [`--python_out=${directory}`, `--grpc_python_out=${directory}`]
  runPython(environment, ['-m', 'grpc_tools.protoc', '--proto_path=proto', ...out, ...sources])
  return directory
}

export interface PeerOptions {
  /** Worker processes. */
  readonly workers: number
  /** Whether pixels are read as tutorials do it, one Python object a pixel. */
  readonly literal: boolean
}

/** Starts the Python peer and waits until it is ready. */
export async function startPeer(
  directory: string,
  target: string,
  { workers, literal }: PeerOptions,
): Promise<Service> {
  const environment = pythonEnvironment('bench-peer', 'bench/peer/requirements.txt')
  const protos = generateProtos(environment)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const where = ['--app-dir', 'bench/peer', '--host', '127.0.0.1', '--port', `${port}`]
  const child = startCommand({
    command: join(environment, 'bin', 'python'),
    args: [
      '-m',
      'uvicorn',
      'app:app',
      ...where,
      '--workers',
      `${workers}`,
      '--log-level',
      'warning',
    ],
    env: {
      TF_SERVING_TARGET: target,
      MODEL: WIRE_FULL.name,
      PYTHONPATH: resolve(protos),
      LITERAL: literal ? '1' : '0',
    },
    log: join(directory, `peer-${workers}${literal ? '-literal' : ''}.log`),
  })
  await child.ready(url)
  return { url, child }
}
