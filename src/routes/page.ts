import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'

/** Where `npm run compile` puts the page; the same seen from `src/routes` and from `dist/routes`. */
const FOLDER = new URL('../../dist/page/public/', import.meta.url)

/** What the page may do: its own files, pictures it was given, requests to its own gateway; no markup from text. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const TYPES = {
  'index.html': 'text/html; charset=utf-8',
  'main.js': 'text/javascript; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const

type FileName = keyof typeof TYPES

const ENCODINGS = ['br', 'gzip', 'identity'] as const

type Encoding = (typeof ENCODINGS)[number]

const ENCODERS: Readonly<Record<Encoding, (bytes: Buffer) => Promise<Buffer>>> = {
  br: promisify(brotliCompress),
  gzip: promisify(gzip),
  identity: async (bytes) => bytes,
}

/** A file of the page as it is sent. */
interface PageFile {
  readonly type: string
  /** Changes whenever the file does. */
  readonly hash: string
  /** The bytes in an encoding, which are made once. */
  encoded(encoding: Encoding): Promise<Buffer>
}

export interface PageRoutesOptions {
  /** Whether there is a page at all. */
  readonly enabled: boolean
  /** Where its files are; where `npm run compile` puts them unless given. */
  readonly folder?: URL
}

/** `GET /` and the files of the page for people; without the page, `/` leads to the reference of the API. */
export const pageRoutes: FastifyPluginAsync<PageRoutesOptions> = async (
  app,
  { enabled, folder = FOLDER },
) => {
  const files = enabled ? await readFiles(app, folder) : undefined
  if (files === undefined) {
    app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('docs'))
    return
  }
  for (const [name, file] of files) {
    const path = name === 'index.html' ? '/' : `/page/${name}`
    const options = { schema: { hide: true }, config: { public: true } }
    app.get(path, options, (request, reply) => sendFile(request, reply, file))
  }
}

async function readFiles(
  app: FastifyInstance,
  folder: URL,
): Promise<Map<FileName, PageFile> | undefined> {
  try {
    const icon = await readPageFile(folder, 'icon.svg')
    const style = await readPageFile(folder, 'page.css')
    const script = await readPageFile(folder, 'main.js')
    const index = await readPageFile(folder, 'index.html', [
      ['page/icon.svg', icon],
      ['page/page.css', style],
      ['page/main.js', script],
    ])
    return new Map([
      ['index.html', index],
      ['main.js', script],
      ['page.css', style],
      ['icon.svg', icon],
    ])
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'ENOENT') throw err
    app.log.warn({ err }, 'the page is not built (npm run compile): / leads to /docs')
    return undefined
  }
}

/** Reads a file; what it names gets its hash into its address, so that it can be kept for good. */
async function readPageFile(
  folder: URL,
  name: FileName,
  named: readonly (readonly [string, PageFile])[] = [],
): Promise<PageFile> {
  const raw = await readFile(new URL(name, folder))
  const addressed = named.reduce(
    (text, [path, { hash }]) => text.replaceAll(`"${path}"`, `"${path}?v=${hash}"`),
    named.length > 0 ? raw.toString() : '',
  )
  const bytes = named.length > 0 ? Buffer.from(addressed) : raw
  const made = new Map<Encoding, Promise<Buffer>>()
  return {
    type: TYPES[name],
    hash: createHash('sha256').update(bytes).digest('base64url').slice(0, 16),
    encoded(encoding) {
      const bytesMade = made.get(encoding) ?? ENCODERS[encoding](bytes)
      made.set(encoding, bytesMade)
      return bytesMade
    },
  }
}

async function sendFile(request: FastifyRequest, reply: FastifyReply, file: PageFile) {
  const accepted = request.encoding([...ENCODINGS])
  const encoding = ENCODINGS.find((it) => it === accepted) ?? 'identity'
  const etag = `"${file.hash}-${encoding}"`
  const { v } = request.query as { readonly v?: unknown }
  reply.headers({
    'content-security-policy': POLICY,
    'permissions-policy': 'camera=(self), geolocation=(), microphone=()',
    'cache-control': v === file.hash ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
    etag,
  })
  if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send()
  if (encoding !== 'identity') reply.header('content-encoding', encoding)
  return reply.type(file.type).send(await file.encoded(encoding))
}

function matches(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}
