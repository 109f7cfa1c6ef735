import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const cli = join(root, 'src/cli.ts')
const loader = new URL('../../../scripts/typescript.js', import.meta.url).href

/** A command that runs. */
export interface RunningCommand {
  readonly pid: number
  kill(signal: NodeJS.Signals): void
  readonly ended: Promise<EndedCommand>
}

/** A command that has run. */
export interface EndedCommand {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts the program in a folder, from its sources. */
export function start(
  t: Test,
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): RunningCommand {
  const child = spawn(process.execPath, [`--import=${loader}`, cli, ...args], {
    cwd,
    env: { ...process.env, MODEL_REPOSITORY: '', TF_SERVING_TARGET: '', DEFAULT_MODEL: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...output }))
  return { pid: child.pid!, kill: (signal) => void child.kill(signal), ended }
}

/** Runs the program to its end. */
export function run(
  t: Test,
  cwd: string,
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<EndedCommand> {
  return start(t, cwd, args, env).ended
}

/** Lists every file below a folder, by its path in it. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}
