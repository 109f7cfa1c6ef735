import type { Child } from './processes/child.js'
import type { Service } from './processes/gateway.js'
import { cpuSeconds, residentMib } from './processes/usage.js'
import type { FloorJob } from './programs/floor.js'
import type { LoadJob, LoadResult } from './programs/load.js'
import { percentile } from './statistics.js'

/** One measurement of one contestant. */
export interface Sample {
  /** Photos a second. */
  readonly rate: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Milliseconds of CPU, user and system and of all threads, that the server used for a photo. */
  readonly cpuMs: number
  /** Resident memory in MiB at the end. */
  readonly residentMib: number
  /** Bytes of an answer. */
  readonly bytes: number
}

/** What is measured for some seconds with some requests at once. */
export interface Contestant {
  readonly name: string
  /** Numbers of requests at once to try, where those of the comparison would take too long. */
  readonly connections?: readonly number[]
  measure(connections: number, seconds: number): Promise<Sample>
}

function refuseFailures(name: string, { failures, done }: LoadResult): void {
  const found = Object.entries(failures)
  if (found.length > 0) throw new Error(`${name}: ${JSON.stringify(failures)} beside ${done} done`)
}

async function sample(
  name: string,
  server: Child,
  perRequest: number,
  run: () => Promise<LoadResult>,
): Promise<Sample> {
  const before = cpuSeconds(server.pid)
  const result = await run()
  const used = cpuSeconds(server.pid) - before
  refuseFailures(name, result)
  const photos = result.done * perRequest
  return {
    rate: photos / result.seconds,
    p50: percentile(result.latencies, 50),
    p99: percentile(result.latencies, 99),
    cpuMs: (used * 1000) / photos,
    residentMib: residentMib(server.pid),
    bytes: result.bytes / result.done,
  }
}

export interface HttpContestantOptions {
  readonly name: string
  readonly service: Service
  /** Path and query. */
  readonly path: string
  readonly files: readonly string[]
  /** Photos in a request; 1 unless given. */
  readonly perRequest?: number
  readonly connections?: readonly number[]
}

/** A server that the load program sends photos to over HTTP. */
export function httpContestant(load: Child, options: HttpContestantOptions): Contestant {
  const { name, service, path, files, perRequest = 1 } = options
  return {
    name,
    ...(options.connections && { connections: options.connections }),
    measure: (connections, seconds) => {
      const job: LoadJob = { url: service.url, path, files, perRequest, connections, seconds }
      return sample(name, service.child, perRequest, () => load.ask<LoadResult>(job))
    },
  }
}

/** The loop without HTTP. */
export function floorContestant(
  name: string,
  floor: Child,
  job: Pick<FloorJob, 'model' | 'files'>,
): Contestant {
  return {
    name,
    measure: (connections, seconds) =>
      sample(name, floor, 1, () =>
        floor.ask<LoadResult>({ ...job, connections, seconds } satisfies FloorJob),
      ),
  }
}
