import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** CPU seconds of threads by what they are for. */
export type ThreadSeconds = ReadonlyMap<string, number>

/** Linux counts CPU time in hundredths of a second for every program (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100
const MIB = 1024 * 1024

/** Fields of `/proc/<pid>/stat` after the name in brackets, which may hold anything (proc(5)). */
function statFields(path: string): string[] {
  const text = readFileSync(path, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

function secondsOf(fields: readonly string[]): number {
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** A process and the processes that it started, however deep. */
function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
  return [pid, ...children.map(Number).filter(Boolean).flatMap(family)]
}

/** CPU seconds, user and system, that a process and those it started have used so far. */
export function cpuSeconds(pid: number): number {
  const used = family(pid).map((member) => secondsOf(statFields(`/proc/${member}/stat`)))
  return used.reduce((sum, seconds) => sum + seconds, 0)
}

/** CPU seconds of the threads that a process has now, summed by thread name; the main thread is `main`. */
export function threadSeconds(pid: number): ThreadSeconds {
  const seconds = new Map<string, number>()
  for (const tid of readdirSync(`/proc/${pid}/task`)) {
    try {
      const name =
        Number(tid) === pid ? 'main' : readFileSync(`/proc/${pid}/task/${tid}/comm`, 'utf8').trim()
      const used = secondsOf(statFields(`/proc/${pid}/task/${tid}/stat`))
      seconds.set(name, (seconds.get(name) ?? 0) + used)
    } catch {
      // The thread has ended meanwhile.
    }
  }
  return seconds
}

function statusMib(pid: number, field: string): number {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(
    readFileSync(`/proc/${pid}/status`, 'utf8'),
  )
  return (Number(line?.[1] ?? 0) * 1024) / MIB
}

/** Resident memory in MiB of a process and those it started. */
export function residentMib(pid: number): number {
  return family(pid).reduce((sum, member) => sum + statusMib(member, 'VmRSS'), 0)
}

/** Most resident memory of a process in MiB since the last `resetPeak`. */
export function peakResidentMib(pid: number): number {
  return statusMib(pid, 'VmHWM')
}

/** Forgets a process's peak of resident memory (proc(5), clear_refs). */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}
