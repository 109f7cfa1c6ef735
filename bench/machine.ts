import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import sharp from 'sharp'
import { usableCores } from '../src/cores.js'

/** Where and with what a run was made. */
export interface Machine {
  readonly date: string
  readonly commit: string
  readonly cpu: string
  readonly cores: number
  readonly memoryGib: number
  readonly system: string
  readonly versions: Readonly<Record<string, string>>
  /** Runnable threads over the last minute before the run: what else the machine was doing. */
  readonly loadBefore: number
}

const loadBefore = loadavg()[0]!

/** Describes this machine and the versions that were measured. */
export function machine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: usableCores(),
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    versions: { node: process.version, sharp: sharp.versions.sharp!, libvips: sharp.versions.vips },
    loadBefore,
  }
}
