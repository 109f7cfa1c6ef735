import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findKnownArchive } from '../../../src/export/archive/known-archives.js'
import { run, start } from './cli.js'

const NAME = 'ssdlite_mobilenet_v2_coco_2018_05_09.tar.gz'

/** Serves the beginning of a known archive and then nothing more; tells when it is asked for. */
async function serveForever(t: Test): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': findKnownArchive(NAME)!.size, etag: '"v1"' })
    response.write(Buffer.alloc(100_000))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/${NAME}`
}

/** Waits until the export's work directory holds the download. */
async function underWay(model: string): Promise<string> {
  for (;;) {
    const work = existsSync(model) ? readdirSync(model)[0] : undefined
    if (work !== undefined && existsSync(join(model, work, NAME))) return work
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

t.test('an export that is told to end', async (t) => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    t.test(`by ${signal} leaves nothing behind`, async (t) => {
      const cwd = t.testdir()
      const command = start(t, cwd, ['export', await serveForever(t), '--name', 'm'])
      await underWay(join(cwd, 'models/m'))
      command.kill(signal)
      t.match(await command.ended, { code, stdout: '' })
      t.strictSame(readdirSync(cwd), [])
    })
  }
})

t.test('an export that is killed leaves what the next one removes', async (t) => {
  const cwd = t.testdir()
  const model = join(cwd, 'models/m')
  const url = await serveForever(t)
  const killed = start(t, cwd, ['export', url, '--name', 'm'])
  const left = await underWay(model)
  const alive = start(t, cwd, ['export', url, '--name', 'm'])
  while (readdirSync(model).length < 2) await new Promise((resolve) => setTimeout(resolve, 20))
  const other = readdirSync(model).find((name) => name !== left)!
  killed.kill('SIGKILL')
  t.match(await killed.ended, { signal: 'SIGKILL' })
  const { code, stdout, stderr } = await run(t, cwd, ['export', 'demo', '--name', 'm'])
  t.equal(code, 0, stderr)
  t.match(stdout.replace(/\s+/g, ' '), `Removed what an export that was killed had left: ${left}`)
  t.strictSame(readdirSync(model).sort(), ['1', 'model.json', other].sort())
  alive.kill('SIGINT')
  await alive.ended
  t.strictSame(readdirSync(model).sort(), ['1', 'model.json'])
})
