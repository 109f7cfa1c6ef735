import { readFileSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** Longer than any limit of the gateway in the soak: what has not been answered by then never is. */
const LOST_AFTER_MS = 20_000
const PAUSE_MS = 40

/** One kind of request. */
interface Kind {
  readonly name: string
  /** How often it is sent, against the others. */
  readonly share: number
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
  /** How many bytes of the body are sent before the client leaves; all, and it stays, unless given. */
  readonly leavesAfter?: number
  /** Statuses that are an answer to it while the model server is well or ill. */
  readonly statuses: readonly number[]
}

const photo = readFileSync(new URL('../../test/fixtures/chelsea.jpg', import.meta.url))
const BOUNDARY = 'soak'

function form(parts: readonly { head: string; content: Buffer | string }[], end = true): Buffer {
  const written = parts.flatMap(({ head, content }) => [
    Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; ${head}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...written, Buffer.from(end ? `--${BOUNDARY}--\r\n` : '')])
}

const image = { head: 'name="image"; filename="a.jpg"', content: photo }
const multipart = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }
const jpeg = { 'content-type': 'image/jpeg' }
const json = { 'content-type': 'application/json' }
/** What a well-formed request may get: an answer, or a reason why there is none now. */
const GOOD = [200, 429, 502, 503, 504]
const detect = { method: 'POST', path: '/v1/detect' }

const KINDS: readonly Kind[] = [
  { ...detect, name: 'photo', share: 12, headers: jpeg, body: photo, statuses: GOOD },
  { ...detect, name: 'form', share: 8, headers: multipart, body: form([image]), statuses: GOOD },
  {
    ...detect,
    name: 'base64',
    share: 4,
    headers: json,
    body: Buffer.from(JSON.stringify({ image: { b64: photo.toString('base64') } })),
    statuses: GOOD,
  },
  {
    ...detect,
    name: 'picture',
    share: 4,
    path: '/v1/detect?format=png',
    headers: jpeg,
    body: photo,
    statuses: GOOD,
  },
  {
    ...detect,
    name: 'batch',
    share: 4,
    path: '/v1/detect/batch',
    headers: multipart,
    body: form([image, image, image]),
    statuses: GOOD,
  },
  { name: 'models', share: 2, path: '/v1/models', statuses: [200, 503, 504] },
  { name: 'liveness', share: 2, path: '/livez', statuses: [200] },
  { name: 'metrics', share: 1, path: '/metrics', statuses: [200] },
  {
    ...detect,
    name: 'broken photo',
    share: 2,
    headers: jpeg,
    body: photo.subarray(0, photo.length / 2),
    // Whether the model server is well shows before the picture is decoded.
    statuses: [422, 429, 502, 503, 504],
  },
  {
    ...detect,
    name: 'no picture',
    share: 2,
    headers: { 'content-type': 'image/png' },
    body: Buffer.alloc(5000, 'x'),
    statuses: [415, 429],
  },
  {
    ...detect,
    name: 'no JSON',
    share: 1,
    headers: json,
    body: Buffer.from('{'),
    statuses: [400, 429],
  },
  {
    ...detect,
    name: 'form without end',
    share: 1,
    headers: multipart,
    body: form([image], false),
    statuses: [400, 429],
  },
  {
    ...detect,
    name: 'too many fields',
    share: 1,
    headers: multipart,
    body: form(Array.from({ length: 100 }, (_, i) => ({ head: `name="f${i}"`, content: 'x' }))),
    statuses: [400, 413, 429],
  },
  {
    ...detect,
    name: 'too large',
    share: 1,
    headers: json,
    body: Buffer.alloc(5 * 1024 * 1024, ' '),
    statuses: [413, 429],
  },
  {
    ...detect,
    name: 'unknown model',
    share: 1,
    path: '/v1/detect?model=nobody',
    headers: jpeg,
    body: photo,
    statuses: [404, 429, 503, 504],
  },
  {
    ...detect,
    name: 'wrong parameter',
    share: 1,
    path: '/v1/detect?min_score=7',
    headers: jpeg,
    body: photo,
    statuses: [400, 429],
  },
  {
    name: 'headers too large',
    share: 1,
    path: '/livez',
    headers: { 'x-large': 'x'.repeat(20_000) },
    statuses: [431],
  },
  { name: 'unknown route', share: 1, path: '/v1/nothing', statuses: [404] },
  {
    ...detect,
    name: 'leaves at once',
    share: 2,
    headers: jpeg,
    body: photo,
    leavesAfter: 0,
    statuses: [],
  },
  {
    ...detect,
    name: 'leaves in the middle',
    share: 3,
    headers: multipart,
    body: form([image]),
    leavesAfter: 20_000,
    statuses: [],
  },
  {
    ...detect,
    name: 'leaves before the answer',
    share: 3,
    headers: jpeg,
    body: photo,
    leavesAfter: photo.length,
    // Some are answered sooner than their client leaves.
    statuses: GOOD,
  },
  {
    ...detect,
    name: 'stops to send',
    share: 1,
    headers: { ...jpeg, 'content-length': `${photo.length + 1}` },
    body: photo,
    statuses: [408, 429],
  },
]

const LOTS = KINDS.flatMap((kind) => Array.from({ length: kind.share }, () => kind))

/** What became of one request. */
type Outcome = { readonly status: number } | 'left' | { readonly lost: string }

async function readWhole(response: IncomingMessage): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  if (/json/.test(response.headers['content-type'] ?? '')) JSON.parse(body.toString())
}

function send(url: string, kind: Kind, agent: Agent): Promise<Outcome> {
  const { method = 'GET', path, headers = {}, body, leavesAfter } = kind
  return new Promise((resolve) => {
    const length = body && { 'content-length': `${body.length}` }
    const sent = request(url + path, { method, agent, headers: { ...length, ...headers } })
    const timer = setTimeout(() => {
      resolve({ lost: `no answer in ${LOST_AFTER_MS} ms` })
      sent.destroy()
    }, LOST_AFTER_MS)
    const settle = (outcome: Outcome) => {
      clearTimeout(timer)
      resolve(outcome)
    }
    sent.on('error', (error) => settle({ lost: error.message }))
    sent.on('response', (response) => {
      const status = response.statusCode ?? 0
      readWhole(response).then(
        () => settle({ status }),
        (error: Error) => settle({ lost: `${status}, then ${error.message}` }),
      )
    })
    if (leavesAfter === undefined) return sent.end(body)
    const leave = () =>
      setTimeout(() => {
        settle('left')
        sent.destroy()
      }, 20 * Math.random())
    if (leavesAfter === 0) sent.flushHeaders()
    sent.write(body!.subarray(0, leavesAfter), leave)
  })
}

/** Clients that send requests of every kind, one after the other, until they are stopped. */
export class Traffic {
  /** Answers by kind and status, in words. */
  readonly answers = new Map<string, number>()
  /** Requests without a whole answer, and why. */
  readonly lost: string[] = []
  /** Answers that none of that kind may get. */
  readonly wrong: string[] = []
  requests = 0
  left = 0
  readonly #url: string
  readonly #agent = new Agent({ keepAlive: true })
  #stopped = false
  #running: Promise<unknown> = Promise.resolve()

  constructor(url: string) {
    this.#url = url
  }

  start(clients: number): void {
    this.#running = Promise.all(Array.from({ length: clients }, () => this.#client()))
  }

  /** Resolves when every request has its answer and every connection is closed. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
    this.#agent.destroy()
  }

  async #client(): Promise<void> {
    while (!this.#stopped) {
      const kind = LOTS[Math.floor(Math.random() * LOTS.length)]!
      this.requests++
      this.#note(kind, await send(this.#url, kind, this.#agent))
      await sleep(PAUSE_MS * Math.random())
    }
  }

  #note({ name, statuses }: Kind, outcome: Outcome): void {
    if (outcome === 'left') this.left++
    else if ('lost' in outcome) this.lost.push(`${name}: ${outcome.lost}`)
    else {
      const key = `${name} ${outcome.status}`
      this.answers.set(key, (this.answers.get(key) ?? 0) + 1)
      if (!statuses.includes(outcome.status)) this.wrong.push(key)
    }
  }
}
