import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { ModelVersionStatus } from '../../../src/embedded/stubs.js'
import { Client } from './client.js'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

t.test('serve-embedded listens where it says and ends cleanly on a signal', async (t) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const child = run(t, ['--port', '0'])
    const exit = once(child, 'exit')
    const line = await firstLine(child)
    const target = /^Serving ssdlite_mobilenet_v2_coco over gRPC on (127\.0\.0\.1:\d+)$/.exec(
      line,
    )?.[1]
    t.ok(target, line)
    const client = new Client(target!)
    const status = await client.status({ name: 'ssdlite_mobilenet_v2_coco' })
    const [version] = status.getModelVersionStatusList()
    t.strictSame(
      [version?.getVersion(), version?.getState()],
      ['1', ModelVersionStatus.State.AVAILABLE],
      'loaded already',
    )
    client.close()
    child.kill(signal)
    child.kill(signal)
    t.strictSame(await exit, [0, null], `${signal}: exit`)
  }
})

t.test('serve-embedded explains itself', async (t) => {
  t.match(await firstLine(run(t, ['--help'])), /^Usage: detection-gateway serve-embedded/)
})

t.test('serve-embedded refuses wrong arguments', async (t) => {
  const rows = [
    [['--port', '65536'], /--port must be a number from 0 to 65535, not "65536"/],
    [['--port', 'x'], /--port must be a number/],
    [['--nope'], /--nope/],
  ] as const
  for (const [args, message] of rows) {
    const child = run(t, args)
    let errors = ''
    child.stderr?.on('data', (text) => {
      errors += text
    })
    const [code] = await once(child, 'close')
    t.equal(code, 1, args.join(' '))
    t.match(errors, message, args.join(' '))
  }
})

function run(t: Test, args: readonly string[]): ChildProcess {
  const child = spawn(
    process.execPath,
    ['--import=./scripts/typescript.js', 'src/cli.ts', 'serve-embedded', ...args],
    { cwd: ROOT, env: { PATH: process.env.PATH } },
  )
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = ''
  for await (const chunk of child.stdout!) {
    text += chunk
    if (text.includes('\n')) break
  }
  return text.split('\n')[0]!
}
