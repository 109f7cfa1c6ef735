import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JobReply } from '../programs/job-channel.js'

const STOP_MS = 5000
const READY_MS = 60_000
const POLL_MS = 10

/** Loads TypeScript in programs of the bench; the gateway itself runs as it was built. */
const TYPESCRIPT = ['--import', 'tsx']

export interface CommandOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** File that takes what it prints. */
  readonly log: string
  /** Whether it can be asked by IPC. */
  readonly ipc?: boolean
}

/** A process that the bench started. */
export class Child {
  readonly #process: ChildProcess
  readonly #log: string | undefined
  readonly #waiting = new Map<number, (reply: JobReply) => void>()
  #nextId = 0

  constructor(child: ChildProcess, log?: string) {
    this.#process = child
    this.#log = log
    child.on('message', (message: unknown) => {
      const reply = message as JobReply
      this.#waiting.get(reply.id)?.(reply)
      this.#waiting.delete(reply.id)
    })
    child.on('exit', (code, signal) => {
      for (const [id, settle] of this.#waiting) {
        settle({ id, error: `the process ended (${code ?? signal})${this.#printed()}` })
      }
    })
  }

  get pid(): number {
    return this.#process.pid!
  }

  get ended(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null
  }

  /** Gives a job to the process and waits for its answer. */
  ask<Result>(job: unknown): Promise<Result> {
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (reply) => {
        if ('error' in reply) reject(new Error(reply.error))
        else resolve(reply.result as Result)
      })
      this.#process.send({ id, job })
    })
  }

  /** Waits until a path of an HTTP server answers 200. */
  async ready(url: string, path = '/readyz'): Promise<void> {
    const end = Date.now() + READY_MS
    while (!(await answersOk(url + path))) {
      if (this.ended) throw new Error(`A server ended before it was ready${this.#printed()}`)
      if (Date.now() > end) throw new Error(`A server was not ready in time${this.#printed()}`)
      await sleep(POLL_MS)
    }
  }

  /** Ends the process, by force when it does not end by itself. */
  async stop(): Promise<void> {
    if (this.ended) return
    const exited = once(this.#process, 'exit')
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS)
    this.#process.kill('SIGTERM')
    await exited
    clearTimeout(timer)
  }

  #printed(): string {
    return this.#log === undefined ? '' : `; it printed:\n${readFileSync(this.#log, 'utf8')}`
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url)
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}

/** Starts a command with its output in a file. */
export function startCommand({ command, args, env = {}, log, ipc = false }: CommandOptions): Child {
  const file = openSync(log, 'w')
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', file, file, ...(ipc ? (['ipc'] as const) : [])],
  })
  closeSync(file)
  return new Child(child, log)
}

/** Starts a program of the bench that takes jobs by IPC. */
export function startWorker(program: string, args: readonly string[] = []): Child {
  return new Child(fork(programFile(program), args, { execArgv: TYPESCRIPT }))
}

/** Starts a program of the bench that listens, and gives the port that it tells. */
export async function startServer(
  program: string,
  args: readonly string[] = [],
): Promise<{ child: Child; port: number }> {
  const forked = fork(programFile(program), args, { execArgv: TYPESCRIPT })
  const child = new Child(forked)
  const [message] = (await once(forked, 'message')) as [{ port: number }]
  return { child, port: message.port }
}

function programFile(name: string): string {
  return new URL(`../programs/${name}.ts`, import.meta.url).pathname
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
