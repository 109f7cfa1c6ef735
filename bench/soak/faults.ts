import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

const PROGRAM = new URL('./replica.ts', import.meta.url).pathname
/** Undisturbed time between two faults. */
const CALM_MS = 5000
const DOWN_MS = 2000
/** Longer than the soak's REQUEST_TIMEOUT_MS: what hangs has to be given up. */
const HANG_MS = 6000

/** A model server that is started, killed and stopped at will, always at one port. */
class Replica {
  readonly #port: number
  #child: ChildProcess | undefined

  constructor(port: number) {
    this.#port = port
  }

  async start(): Promise<void> {
    this.#child = fork(PROGRAM, [`${this.#port}`], { execArgv: ['--import', 'tsx'] })
    await once(this.#child, 'message')
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }
}

/** Two model servers that fall ill in turn, one after the other and now and then together. */
export class Replicas {
  /** How often each fault was injected. */
  readonly faults: Record<string, number> = {}
  readonly #replicas: readonly Replica[]
  #stopped = false
  #running: Promise<void> = Promise.resolve()

  constructor(ports: readonly number[]) {
    this.#replicas = ports.map((port) => new Replica(port))
  }

  async start(): Promise<void> {
    await Promise.all(this.#replicas.map((replica) => replica.start()))
  }

  /** Injects faults until `heal`. */
  beginFaults(): void {
    this.#running = this.#run()
  }

  /** Ends the faults; resolves when all is well. */
  async heal(): Promise<void> {
    this.#stopped = true
    await this.#running
  }

  async stop(): Promise<void> {
    await this.heal()
    await Promise.all(this.#replicas.map((replica) => replica.kill()))
  }

  async #run(): Promise<void> {
    const [first, second] = this.#replicas as [Replica, Replica]
    const faults: [string, () => Promise<void>][] = [
      ['one dies', () => restart([first])],
      ['one hangs', () => hang([second])],
      ['both die', () => restart([first, second])],
      ['one dies, the other hangs', () => both(restart([second]), hang([first]))],
      ['both hang', () => hang([first, second])],
    ]
    for (let turn = 0; ; turn++) {
      await sleep(CALM_MS)
      if (this.#stopped) return
      const [name, inject] = faults[turn % faults.length]!
      this.faults[name] = (this.faults[name] ?? 0) + 1
      await inject()
    }
  }
}

async function both(...faults: Promise<void>[]): Promise<void> {
  await Promise.all(faults)
}

async function restart(replicas: readonly Replica[]): Promise<void> {
  await Promise.all(replicas.map((replica) => replica.kill()))
  await sleep(DOWN_MS)
  await Promise.all(replicas.map((replica) => replica.start()))
}

async function hang(replicas: readonly Replica[]): Promise<void> {
  for (const replica of replicas) replica.signal('SIGSTOP')
  await sleep(HANG_MS)
  for (const replica of replicas) replica.signal('SIGCONT')
}
