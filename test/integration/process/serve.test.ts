import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { startModelServer } from '../../../src/embedded/model-server.js'
import { DOG, detections, detector, form, photo } from '../gateway/harness.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** A process of this program, run from its sources. */
function run(t: Test, entry: string, args: string[], env: NodeJS.ProcessEnv) {
  const child = spawn(
    process.execPath,
    ['--import=./scripts/typescript.js', `src/${entry}.ts`, ...args],
    {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  t.teardown(() => child.kill('SIGKILL'))
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += chunk
    })
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>
  return { child, exited, output: () => text }
}

/** Waits for the words in the output of a process; fails when it ends before. */
async function says(
  running: { child: ChildProcess; output: () => string },
  words: RegExp,
): Promise<void> {
  while (!words.test(running.output())) {
    if (running.child.exitCode !== null) throw new Error(`ended with: ${running.output()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

t.test('the gateway as a process', async (t) => {
  t.test(
    'says where it is, answers what it was asked before SIGTERM, and ends with 0',
    async (t) => {
      let release = () => {}
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      let arrived = () => {}
      const asked = new Promise<void>((resolve) => {
        arrived = resolve
      })
      const slow = detector({
        name: 'slow',
        predict: async () => {
          arrived()
          await held
          return detections([DOG])
        },
      })
      const server = await startModelServer({ models: [slow] })
      t.teardown(() => server.close())
      const port = await freePort()
      const env = {
        PORT: String(port),
        TF_SERVING_TARGET: server.target,
        DEFAULT_MODEL: 'other',
        MODEL_REPOSITORY: t.testdir({}),
      }
      const gateway = run(t, 'server', [], env)
      await says(
        gateway,
        /curl -F image=@test\/fixtures\/chelsea\.jpg http:\/\/localhost:\d+\/v1\/detect/,
      )
      const health = run(t, 'cli', ['healthcheck'], env)
      t.strictSame(await health.exited, [0, null], 'the health check passes')
      const answer = fetch(`http://127.0.0.1:${port}/v1/detect?model=slow`, {
        method: 'POST',
        body: form([await photo('chelsea')]),
      })
      await asked
      gateway.child.kill('SIGTERM')
      gateway.child.kill('SIGTERM')
      await says(gateway, /shutting down/)
      release()
      t.equal((await answer).status, 200)
      t.strictSame(await gateway.exited, [0, null])
      const sick = run(t, 'cli', ['healthcheck'], env)
      t.strictSame(await sick.exited, [1, null], 'the health check fails')
    },
  )

  t.test('explains what is wrong with its settings', async (t) => {
    const gateway = run(t, 'server', [], { PORT: 'x', LOG_LEVEL: 'loud' })
    t.strictSame(await gateway.exited, [1, null])
    t.match(gateway.output(), /PORT: .*\n.*LOG_LEVEL: /)
  })

  t.test('explains a port that is taken', async (t) => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    t.teardown(() => taken.close())
    const { port } = taken.address() as { port: number }
    const env = {
      PORT: String(port),
      TF_SERVING_TARGET: '127.0.0.1:1',
      MODEL_REPOSITORY: t.testdir({}),
    }
    const gateway = run(t, 'server', [], env)
    t.strictSame(await gateway.exited, [1, null])
    t.match(gateway.output(), /EADDRINUSE/)
  })
})

t.test('the command line', async (t) => {
  const help = run(t, 'cli', ['--help'], {})
  t.strictSame(await help.exited, [0, null])
  t.match(help.output(), /serve-embedded/)
  const unknown = run(t, 'cli', ['fly'], {})
  t.strictSame(await unknown.exited, [1, null])
  t.match(unknown.output(), /no command "fly"/)
})
