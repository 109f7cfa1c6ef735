import { mkdirSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import accepts from '@fastify/accepts'
import { build } from 'esbuild'
import Fastify from 'fastify'
import t from 'tap'
import { pageRoutes } from '../../../src/routes/page.js'

const source = fileURLToPath(new URL('../../../src/page/', import.meta.url))
const KILOBYTE = 1000

t.test('the page and its files', async (t) => {
  const folder = t.testdir()
  mkdirSync(folder, { recursive: true })
  await build({
    entryPoints: ['main.ts', 'page.css', 'index.html', 'icon.svg'].map((it) => `${source}${it}`),
    bundle: true,
    minify: true,
    format: 'esm',
    outdir: folder,
    loader: { '.html': 'copy', '.svg': 'copy' },
  })
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(accepts)
  await app.register(pageRoutes, { enabled: true, folder: pathToFileURL(`${folder}/`) })

  const get = (path: string, headers: Record<string, string> = {}) =>
    app.inject({ method: 'GET', url: path, headers })
  const index = await get('/')
  const paths = [...index.body.matchAll(/"(page\/[^"]+)"/g)].map(([, path]) => `/${path}`)

  t.test('is HTML that runs nothing but its own script', async (t) => {
    t.equal(index.statusCode, 200)
    t.equal(index.headers['content-type'], 'text/html; charset=utf-8')
    const policy = String(index.headers['content-security-policy'])
    t.match(policy, "default-src 'none'; script-src 'self'; style-src 'self'")
    t.notMatch(policy, 'unsafe')
    t.match(index.headers['permissions-policy'], 'camera=(self)')
    t.notMatch(index.body, / (?:style|on\w+)=|<style|<script(?! src)/, 'nothing inline')
    t.notMatch(index.body, /(?:src|href)="(?:https?:)?\/\//, 'nothing from elsewhere')
    t.equal(index.headers['cache-control'], 'no-cache')
  })

  t.test('keeps its files for good, by addresses that change with them', async (t) => {
    t.equal(new Set(paths).size, 3)
    for (const path of new Set(paths)) {
      const file = await get(path)
      t.equal(file.statusCode, 200, path)
      t.equal(file.headers['cache-control'], 'public, max-age=31536000, immutable')
      const other = await get(path.replace(/\?v=.*/, '?v=other'))
      t.equal(other.headers['cache-control'], 'no-cache', 'not by the address of another time')
    }
  })

  t.test('is not sent again to who has it', async (t) => {
    const etag = String(index.headers.etag)
    const again = await get('/', { 'if-none-match': `"x", W/${etag}` })
    t.equal(again.statusCode, 304)
    t.equal(again.body, '')
    t.equal((await get('/', { 'if-none-match': '"x"' })).statusCode, 200)
    const packed = await get('/', { 'if-none-match': etag, 'accept-encoding': 'gzip' })
    t.equal(packed.statusCode, 200, 'another encoding is another entity')
  })

  t.test('is compressed for who takes that', async (t) => {
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync }
    for (const encoding of ['br', 'gzip'] as const) {
      const file = await get('/', { 'accept-encoding': encoding })
      t.equal(file.headers['content-encoding'], encoding)
      t.equal(unpack[encoding](file.rawPayload).toString(), index.body)
    }
    const plain = await get('/', { 'accept-encoding': 'br;q=0' })
    t.equal(plain.headers['content-encoding'], undefined)
    t.equal(plain.headers.vary, 'accept-encoding')
  })

  t.test('is under 100 kB together', async (t) => {
    const files = await Promise.all(
      ['/', ...new Set(paths)].map((path) => get(path, { 'accept-encoding': 'gzip' })),
    )
    const bytes = files.reduce((sum, { rawPayload }) => sum + rawPayload.length, 0)
    t.ok(bytes < 100 * KILOBYTE, `${bytes} bytes`)
    t.comment(`${bytes} bytes by gzip`)
  })
})

for (const [name, options] of [
  ['switched off', { enabled: false }],
  ['not built', { enabled: true, folder: new URL('file:///nowhere/') }],
] as const) {
  t.test(`where the page is ${name}, / leads to the reference`, async (t) => {
    const app = Fastify()
    t.teardown(() => app.close())
    await app.register(accepts)
    await app.register(pageRoutes, options)
    const answer = await app.inject('/')
    t.equal(answer.statusCode, 302)
    t.equal(answer.headers.location, 'docs')
    t.equal((await app.inject('/page/main.js')).statusCode, 404)
  })
}
