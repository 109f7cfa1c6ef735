import t from 'tap'
import { GatewayError } from '../../../src/errors.js'
import type {
  CallOptions,
  ModelMetadata,
  ModelSelector,
  ModelServer,
} from '../../../src/serving/model-server.js'
import { SignatureCache } from '../../../src/serving/signature-cache.js'
import { SignatureSuspect } from '../../../src/serving/signature-suspect.js'

type Read = (selector: ModelSelector, options: CallOptions) => Promise<ModelMetadata>

const never = () => Promise.reject(new Error('not asked for here'))

/** A model server that only describes models, and notes for whom. */
function describer(read: Read = async () => metadata('1')) {
  const reads: ModelSelector[] = []
  const server: ModelServer = {
    predict: never,
    status: never,
    close: () => {},
    metadata: (selector, options) => {
      reads.push(selector)
      return read(selector, options)
    },
  }
  return { server, reads }
}

const metadata = (version: string): ModelMetadata => ({ version, signatures: new Map() })
const options = (): CallOptions => ({ deadline: Date.now() + 60_000 })
const suspect = () =>
  new GatewayError('upstream_rejected', 'no', { cause: new SignatureSuspect(3) })

t.test('SignatureCache reads a model once for calls at once and later ones', async (t) => {
  const { server, reads } = describer()
  const cache = new SignatureCache(server)
  const [first, second] = await Promise.all([
    cache.get({ model: 'm' }, options()),
    cache.get({ model: 'm' }, options()),
  ])
  t.equal(first, second)
  t.equal(await cache.get({ model: 'm' }, options()), first)
  t.equal(reads.length, 1)
})

t.test('SignatureCache keeps versions and labels of a model apart', async (t) => {
  const { server, reads } = describer()
  const cache = new SignatureCache(server)
  const selectors = [
    { model: 'm' },
    { model: 'm', version: '1' },
    { model: 'm', versionLabel: '1' },
    { model: 'n' },
  ]
  for (const selector of selectors) await cache.get(selector, options())
  t.strictSame(reads, selectors)
})

t.test(
  'SignatureCache reads the latest version again when its time is over, a fixed one not',
  async (t) => {
    const { server, reads } = describer()
    const cache = new SignatureCache(server, { floatingTtlMs: 0 })
    for (const selector of [{ model: 'm' }, { model: 'm', version: '1' }]) {
      await cache.get(selector, options())
      await cache.get(selector, options())
    }
    t.strictSame(
      reads.map(({ version }) => version ?? 'latest'),
      ['latest', 'latest', '1'],
    )
  },
)

t.test('SignatureCache does not remember failures', async (t) => {
  let fail = true
  const { server, reads } = describer(async () => {
    if (fail) throw new GatewayError('model_not_found', 'no m')
    return metadata('1')
  })
  const cache = new SignatureCache(server)
  await t.rejects(cache.get({ model: 'm' }, options()), { code: 'model_not_found' })
  t.equal(cache.size, 0)
  fail = false
  t.match(await cache.get({ model: 'm' }, options()), { version: '1' })
  t.equal(reads.length, 2)
})

t.test('SignatureCache forgets the model not asked for the longest', async (t) => {
  const { server, reads } = describer()
  const cache = new SignatureCache(server, { maxEntries: 2 })
  for (const model of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.get({ model }, options())
  t.equal(cache.size, 2)
  t.strictSame(
    reads.map(({ model }) => model),
    ['a', 'b', 'c', 'b'],
  )
})

t.test('SignatureCache lets one caller leave without failing the others', async (t) => {
  let answer = (_: ModelMetadata) => {}
  const { server } = describer(
    () =>
      new Promise((resolve) => {
        answer = resolve
      }),
  )
  const cache = new SignatureCache(server)
  const client = new AbortController()
  const leaving = cache.get({ model: 'm' }, { ...options(), signal: client.signal })
  const hurried = cache.get({ model: 'm' }, { deadline: Date.now() + 5 })
  const patient = cache.get({ model: 'm' }, options())
  client.abort(new Error('client left'))
  await t.rejects(leaving, { message: 'client left' })
  await t.rejects(hurried, { code: 'deadline_exceeded' })
  answer(metadata('1'))
  t.match(await patient, { version: '1' })
})

t.test('SignatureCache.use() reads a suspect signature again and calls once more', async (t) => {
  const versions = ['1', '2', '3']
  const { server } = describer(async () => metadata(versions.shift() ?? ''))
  const cache = new SignatureCache(server)
  const seen: string[] = []
  const answer = await cache.use({ model: 'm' }, options(), async ({ version }) => {
    seen.push(version)
    if (version === '1') throw suspect()
    return 'answer'
  })
  t.equal(answer, 'answer')
  t.strictSame(seen, ['1', '2'])
})

t.test(
  'SignatureCache.use() gives up after the second time, and at once on other errors',
  async (t) => {
    const { server } = describer()
    const cache = new SignatureCache(server)
    for (const [error, times] of [
      [suspect(), 2],
      [new GatewayError('upstream_rejected', 'no'), 1],
      [new Error('bug'), 1],
    ] as const) {
      let calls = 0
      const call = cache.use({ model: 'm' }, options(), async () => {
        calls++
        throw error
      })
      await t.rejects(call, error)
      t.equal(calls, times, error.message)
    }
  },
)

t.test('SignatureCache.use() takes what another call has read meanwhile', async (t) => {
  const versions = ['1', '2', '3']
  const { server, reads } = describer(async () => metadata(versions.shift() ?? ''))
  const cache = new SignatureCache(server)
  const selector = { model: 'm' }
  await cache.use(selector, options(), async ({ version }) => {
    if (version !== '1') return
    cache.invalidate(selector)
    await cache.get(selector, options())
    throw suspect()
  })
  t.equal(reads.length, 2)
})

t.test('SignatureCache.use() does not wait for what is read again', async (t) => {
  const answers: ((read: ModelMetadata) => void)[] = []
  const { server, reads } = describer(() => new Promise((resolve) => answers.push(resolve)))
  const cache = new SignatureCache(server, { floatingTtlMs: -1 })
  const seen = () => cache.use({ model: 'm' }, options(), async ({ version }) => version)
  const first = seen()
  answers[0]!(metadata('1'))
  t.equal(await first, '1')
  t.equal(await seen(), '1', 'the read hangs')
  t.equal(await seen(), '1', 'and is not asked for twice')
  t.equal(reads.length, 2)
  answers[1]!(metadata('2'))
  await answers[1]
  t.equal(await seen(), '2')
})

t.test('SignatureCache.use() keeps what it knows while the server is away', async (t) => {
  let error: Error | undefined
  const { server, reads } = describer(async () => {
    if (error !== undefined) throw error
    return metadata('1')
  })
  const cache = new SignatureCache(server, { floatingTtlMs: -1 })
  const seen = () => cache.use({ model: 'm' }, options(), async ({ version }) => version)
  t.equal(await seen(), '1')
  error = new GatewayError('upstream_unavailable', 'away')
  t.equal(await seen(), '1')
  t.equal(await seen(), '1')
  t.equal(reads.length, 2)
  const other = new SignatureCache(server, { floatingTtlMs: -1 })
  error = undefined
  await other.get({ model: 'm' }, options())
  error = new GatewayError('model_not_found', 'gone')
  await other.use({ model: 'm' }, options(), async ({ version }) => version)
  await t.rejects(
    other.use({ model: 'm' }, options(), async () => ''),
    { code: 'model_not_found' },
  )
})

t.test('SignatureCache.use() reads again what it knew and cannot work with', async (t) => {
  const versions = ['1', '2', '3']
  const { server } = describer(async () => metadata(versions.shift() ?? ''))
  const cache = new SignatureCache(server)
  const call = async ({ version }: ModelMetadata) => {
    if (version !== '2') throw new GatewayError('signature_mismatch', version)
    return version
  }
  await t.rejects(cache.use({ model: 'm' }, options(), call), { message: '1' }, 'just read')
  t.equal(await cache.use({ model: 'm' }, options(), call), '2')
})
