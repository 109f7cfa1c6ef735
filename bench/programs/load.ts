/** Sends requests as fast as they are answered, or at a rate, and tells what came back. Takes LoadJobs by IPC. */
import { setTimeout as sleep } from 'node:timers/promises'
import { HttpConnection } from './http-connection.js'
import { buildRequests, type RequestPlan } from './http-request.js'
import { serveJobs } from './job-channel.js'

export interface LoadJob extends RequestPlan {
  readonly connections: number
  /** Seconds in which requests are started. */
  readonly seconds: number
  /** Most requests; the job ends with the last of them. */
  readonly requests?: number
  /** Requests a second whether or not earlier ones are answered; as fast as they are answered unless given. */
  readonly rate?: number
}

export interface LoadResult {
  /** Answers of status 200. */
  readonly done: number
  /** Answers of another status and broken connections, by what they were. */
  readonly failures: Readonly<Record<string, number>>
  /** From the first request to the last answer. */
  readonly seconds: number
  /** Milliseconds of each answer of status 200, sorted; at a rate, from the moment the request was due. */
  readonly latencies: readonly number[]
  readonly bytes: number
}

class Run {
  readonly latencies: number[] = []
  readonly failures: Record<string, number> = {}
  bytes = 0
  #next = 0
  readonly #requests: readonly Buffer[]

  constructor(requests: readonly Buffer[]) {
    this.#requests = requests
  }

  get started(): number {
    return this.#next
  }

  async one(connection: HttpConnection, due = performance.now()): Promise<void> {
    const request = this.#requests[this.#next++ % this.#requests.length]!
    try {
      const { status, bytes } = await connection.send(request)
      this.bytes += bytes
      if (status === 200) this.latencies.push(performance.now() - due)
      else this.#fail(`${status}`)
    } catch (error) {
      this.#fail((error as Error).message)
    }
  }

  #fail(what: string): void {
    this.failures[what] = (this.failures[what] ?? 0) + 1
  }
}

async function closedLoop(run: Run, connections: readonly HttpConnection[], job: LoadJob) {
  const end = performance.now() + job.seconds * 1000
  const limit = job.requests ?? Number.POSITIVE_INFINITY
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < end && run.started < limit) await run.one(connection)
    }),
  )
}

/** Requests fall due at a steady rate; one that finds every connection busy waits, and its wait counts. */
async function atRate(
  run: Run,
  connections: readonly HttpConnection[],
  job: LoadJob,
  rate: number,
) {
  const start = performance.now()
  const count = Math.min(job.requests ?? Number.POSITIVE_INFINITY, Math.ceil(job.seconds * rate))
  let next = 0
  await Promise.all(
    connections.map(async (connection) => {
      while (next < count) {
        const due = start + (next++ * 1000) / rate
        if (due > performance.now()) await sleep(due - performance.now())
        await run.one(connection, due)
      }
    }),
  )
}

const built = new Map<string, Promise<Buffer[]>>()

/** Keeps the last requests: the same photos are sent again and again. */
function requestsOf(plan: RequestPlan): Promise<Buffer[]> {
  const key = JSON.stringify([plan.url, plan.path, plan.files, plan.perRequest])
  const requests = built.get(key) ?? buildRequests(plan)
  built.delete(key)
  built.set(key, requests)
  if (built.size > 16) built.delete(built.keys().next().value!)
  return requests
}

serveJobs<LoadJob, LoadResult>(async (job) => {
  const run = new Run(await requestsOf(job))
  const connections = Array.from({ length: job.connections }, () => new HttpConnection(job.url))
  const start = performance.now()
  if (job.rate === undefined) await closedLoop(run, connections, job)
  else await atRate(run, connections, job, job.rate)
  const seconds = (performance.now() - start) / 1000
  for (const connection of connections) connection.close()
  return {
    done: run.latencies.length,
    failures: run.failures,
    seconds,
    latencies: run.latencies.sort((a, b) => a - b),
    bytes: run.bytes,
  }
})
