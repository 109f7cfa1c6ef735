import { cpSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { run } from '../export/cli.js'
import { DOG, detections, detector, start } from '../gateway/harness.js'

const chelsea = fileURLToPath(new URL('../../fixtures/chelsea.jpg', import.meta.url))
const PHOTOS = 12

let first = 0
let second = 0
const answering = (count: () => void) =>
  start(t, {
    models: [
      detector({
        predict: () => {
          count()
          return detections([DOG])
        },
      }),
    ],
  })
const a = await answering(() => first++)
const b = await answering(() => second++)
// A warm-up is a call too.
for (const { url } of [a, b]) {
  while (!(await fetch(`${url}/readyz`)).ok) await setTimeout(20)
}

function photos(t: Test): string {
  const folder = t.testdir({ photos: {} })
  for (let i = 0; i < PHOTOS; i++) cpSync(chelsea, join(folder, 'photos', `${i}.jpg`))
  return folder
}

function records(text: string): { file: string; detections?: unknown[] }[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

async function listen(t: Test, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

t.test('several gateways share the files', async (t) => {
  const folder = photos(t)
  const before = [first, second]
  const args = ['detect', 'photos', '--format', 'jsonl', '--url', a.url, '--url', b.url]
  const { code, stdout, stderr } = await run(t, folder, args)
  t.strictSame([code, stderr], [0, ''])
  t.equal(records(stdout).filter(({ detections }) => detections?.length === 1).length, PHOTOS)
  t.ok(first - before[0]! > 0 && second - before[1]! > 0, 'each has answered some')
  t.equal(first - before[0]! + second - before[1]!, PHOTOS, 'and no file was asked for twice')
})

t.test('what a gateway fails at is done by another', async (t) => {
  const folder = photos(t)
  let asked = 0
  const rows: [string, (server: Server) => Server, RegExp][] = [
    [
      'breaks off',
      (server) =>
        server.on('request', (request, response) => {
          if (request.url === '/v1/models') return response.end('{"models":[]}')
          asked += 1
          request.socket.destroy()
        }),
      /requests failed, the last one: /,
    ],
    [
      'is a proxy without a gateway behind it',
      (server) =>
        server.on('request', (request, response) => {
          if (request.url === '/v1/models') return response.end('{"models":[]}')
          asked += 1
          request.resume().on('end', () => response.writeHead(502).end('<h1>Bad gateway</h1>'))
        }),
      /requests failed, the last one: Not the gateway's answer: 502/,
    ],
  ]
  for (const [name, script, said] of rows) {
    asked = 0
    const broken = await listen(t, script(createServer()))
    const urls = `${broken}, ${a.url}`
    const args = ['detect', 'photos', '--format', 'jsonl']
    const result = await run(t, folder, args, { DETECTION_GATEWAY_URL: urls })
    t.equal(result.code, 0, name)
    t.equal(records(result.stdout).filter(({ detections }) => detections).length, PHOTOS, name)
    t.match(result.stderr, said, name)
    t.ok(result.stderr.startsWith(broken), 'it is named')
    t.ok(asked > 0 && asked <= PHOTOS, `left out after its first failures: ${asked}`)
  }
})

t.test('one that is away from the start is left out; all of them end the command', async (t) => {
  const folder = photos(t)
  const away = 'http://127.0.0.1:9'
  const args = ['detect', 'photos', '--format', 'jsonl', '--url', away]
  const half = await run(t, folder, [...args, '--url', b.url])
  t.equal(half.code, 0)
  t.equal(records(half.stdout).length, PHOTOS)
  t.match(half.stderr, /^http:\/\/127\.0\.0\.1:9: \d+ requests? failed/)
  const none = await run(t, folder, [...args, '--url', 'http://127.0.0.1:1'])
  t.strictSame([none.code, none.stdout], [1, ''])
  t.match(none.stderr, /^Nothing answers at http:\/\/127\.0\.0\.1:9, http:\/\/127\.0\.0\.1:1;/)
})

t.test('shards are disjoint, whole, and resumed when files have come', async (t) => {
  const folder = photos(t)
  const shard = (index: number) =>
    run(t, folder, [
      ...['detect', 'photos', '--shard', `${index}/3`, '--url', a.url],
      ...['--output', `part-${index}.jsonl`, '--resume'],
    ])
  const read = () =>
    [0, 1, 2].map((i) =>
      records(readFileSync(join(folder, `part-${i}.jsonl`), 'utf8')).map(({ file }) => file),
    )
  for (const index of [0, 1, 2]) t.match(await shard(index), { code: 0 })
  const parts = read()
  t.equal(new Set(parts.flat()).size, PHOTOS)
  t.equal(parts.flat().length, PHOTOS)
  const before = first
  cpSync(chelsea, join(folder, 'photos', '0-new.jpg'))
  for (const index of [0, 1, 2]) t.match(await shard(index), { code: 0 })
  t.equal(first - before, 1, 'only the new one is asked for')
  t.equal(read().flat().length, PHOTOS + 1)
  const none = ['detect', 'photos/1.jpg', '--shard', '7/1000', '--url', a.url]
  const told = { code: 0, stdout: '', stderr: /^None of 1 picture is in this part/ }
  t.match(await run(t, folder, none), told)
  for (const [name, text] of [
    ['none.jsonl', ''],
    ['none.csv', /^file,/],
    ['none.json', /"images":\s*\[\]/],
  ] as const) {
    t.match(await run(t, folder, [...none, '--output', name]), told)
    t.match(readFileSync(join(folder, name), 'utf8'), text, 'a part of nothing is a file too')
  }
})
