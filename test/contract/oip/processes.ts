import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { cp, mkdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A server of the protocol that runs. */
export interface RunningServer {
  /** gRPC address. */
  readonly target: string
  readonly child: ChildProcess
  /** Where its output goes. */
  readonly log: string
}

const here = fileURLToPath(new URL('.', import.meta.url))
const children: ChildProcess[] = []
/** A gateway listens within two seconds. */
const START_MS = 30_000

/** Ends every process that was started, with those that it started itself. */
export function endAll(): void {
  for (const { pid } of children.splice(0)) {
    if (pid === undefined) continue
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // It has ended already.
    }
  }
}

process.on('exit', endAll)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

/** Starts a program whose output goes to a file. */
export function start(
  command: readonly string[],
  log: string,
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): ChildProcess {
  const [program = '', ...args] = command
  const env = { ...process.env, ...options.env }
  // A group of its own: Triton's models are processes too.
  const child = spawn(program, args, {
    ...options,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const file = createWriteStream(log)
  child.stdout.pipe(file, { end: false })
  child.stderr.pipe(file, { end: false })
  children.push(child)
  return child
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const { port } = server.address() as { port: number }
  await new Promise((closed) => server.close(closed))
  return port
}

type Start = (venv: string, work: string, models: readonly string[]) => Promise<RunningServer>

function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${stderr}`)
  return stdout.trim()
}

/** Triton out of the wheel: the server, the Python backend, and the stub for this Python. */
async function startTriton(
  venv: string,
  folder: string,
  models: readonly string[],
): Promise<RunningServer> {
  const python = join(venv, 'bin/python')
  const repository = join(folder, 'triton')
  run(python, join(here, 'triton.py'), repository, ...models)
  const [package_ = '', minor = ''] = run(
    python,
    '-c',
    'import pytriton, sys; print(pytriton.__path__[0]); print("%d.%d" % sys.version_info[:2])',
  ).split('\n')
  const backends = join(folder, 'backends')
  await mkdir(backends)
  await cp(join(package_, 'tritonserver/backends/python'), join(backends, 'python'), {
    recursive: true,
  })
  const stub = 'triton_python_backend_stub'
  await cp(
    join(package_, 'tritonserver/python_backend_stubs', minor, stub),
    join(backends, 'python', stub),
  )
  const [grpc, http] = [await freePort(), await freePort()]
  const log = join(folder, 'triton.log')
  const libraries = [join(package_, '../nvidia_pytriton.libs'), join(package_, 'tritonserver/lib')]
  const child = start(
    [
      join(package_, 'tritonserver/bin/tritonserver'),
      `--model-repository=${repository}`,
      `--backend-directory=${backends}`,
      '--exit-on-error=false',
      '--allow-metrics=false',
      '--grpc-address=127.0.0.1',
      '--http-address=127.0.0.1',
      `--grpc-port=${grpc}`,
      `--http-port=${http}`,
      '--exit-timeout-secs=3',
    ],
    log,
    // The stub finds NumPy through the environment of this Python.
    {
      env: {
        LD_LIBRARY_PATH: libraries.join(':'),
        PATH: `${join(venv, 'bin')}:${process.env.PATH}`,
      },
    },
  )
  return { target: `127.0.0.1:${grpc}`, child, log }
}

async function startMlserver(venv: string, work: string): Promise<RunningServer> {
  const root = join(work, 'mlserver')
  const ports = [await freePort(), await freePort(), await freePort()]
  run(join(venv, 'bin/python'), join(here, 'mlserver_models.py'), root, ...ports.map(String))
  const log = join(work, 'mlserver.log')
  const child = start([join(venv, 'bin/mlserver'), 'start', '.'], log, {
    cwd: root,
    env: { PYTHONPATH: '.' },
  })
  return { target: `127.0.0.1:${ports[1]}`, child, log }
}

async function startKserve(venv: string, work: string): Promise<RunningServer> {
  const [http, grpc] = [await freePort(), await freePort()]
  const log = join(work, 'kserve.log')
  const script = join(here, 'kserve_server.py')
  const command = [join(venv, 'bin/python'), script, `--http_port=${http}`, `--grpc_port=${grpc}`]
  return { target: `127.0.0.1:${grpc}`, child: start(command, log), log }
}

const SERVERS: Readonly<Record<string, Start>> = {
  triton: startTriton,
  mlserver: startMlserver,
  kserve: startKserve,
}

/**
 * Starts a server by its name, out of its Python environment and in a new folder; it may still be loading when this
 * resolves. Triton serves some of its models only where they are named.
 */
export async function startServer(
  name: string,
  venv: string,
  folder: string,
  models: readonly string[] = [],
): Promise<RunningServer> {
  const starter = SERVERS[name]
  if (starter === undefined) throw new Error(`no server ${name}`)
  await mkdir(folder)
  return await starter(resolve(venv), folder, models)
}

/** Starts the built gateway; gives its address once it listens. */
export async function startGateway(env: NodeJS.ProcessEnv, log: string): Promise<string> {
  const server = fileURLToPath(new URL('../../../dist/server.js', import.meta.url))
  const child = start([process.execPath, server], log, {
    env: { NODE_ENV: 'production', PORT: '0', ...env },
  })
  for (const end = Date.now() + START_MS; Date.now() < end; ) {
    const text = await readFile(log, 'utf8').catch(() => '')
    const url = /listening at (http:\/\/[\d.:]+)/.exec(text)?.[1]
    if (url !== undefined) return url
    if (child.exitCode !== null) throw new Error(`the gateway ended: ${text}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`the gateway does not listen after ${START_MS} ms`)
}
