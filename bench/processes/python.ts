import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Prefix of the temporary note of what is installed. */
const STAMP = 'installed-requirements.txt'

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}

/**
 * Makes a Python environment below node_modules/.cache with the packages of a requirements file, unless it is there and
 * was made from the same text. Gives its folder. Needs python3 with venv, and a package index the first time.
 */
export function pythonEnvironment(name: string, requirements: string): string {
  const directory = join('node_modules', '.cache', name)
  const stamp = join(directory, STAMP)
  const wanted = readFileSync(requirements, 'utf8')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return directory
  console.log(`installing ${requirements} into ${directory}`)
  mkdirSync(join('node_modules', '.cache'), { recursive: true })
  run('python3', ['-m', 'venv', directory])
  const pip = ['install', '--quiet', '--disable-pip-version-check', '-r', requirements]
  run(join(directory, 'bin', 'pip'), pip)
  writeFileSync(stamp, wanted)
  return directory
}

/** Runs a Python program of an environment to its end. */
export function runPython(environment: string, args: readonly string[]): void {
  run(join(environment, 'bin', 'python'), args)
}
