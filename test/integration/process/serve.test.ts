import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { startModelServer } from '../../../src/embedded/model-server.js'
import { DOG, detections, detector, form, gauge, photo, untilGauge } from '../gateway/harness.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))

const LOADER = `--import=${root}scripts/typescript.js`

/** A process of this program, run from its sources. */
function run(
  t: Test,
  entry: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  nodeArgs: string[] = [],
) {
  const command = [LOADER, ...nodeArgs, `${root}src/${entry}.ts`, ...args]
  return watch(
    t,
    spawn(process.execPath, command, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )
}

/** Reads what a process says, and ends it with the test. */
function watch(t: Test, child: ChildProcessByStdio<null, Readable, Readable>) {
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
        // One is with the model, one with the decoder: the third waits in the queue.
        UPSTREAM_IN_FLIGHT: '1',
        SLOTS: '1',
      }
      const gateway = run(t, 'server', [], env)
      await says(
        gateway,
        /curl -F image=@test\/fixtures\/chelsea\.jpg http:\/\/localhost:\d+\/v1\/detect/,
      )
      const health = run(t, 'cli', ['healthcheck'], env)
      t.strictSame(await health.exited, [0, null], 'the health check passes')
      const url = `http://127.0.0.1:${port}`
      const body = form([await photo('chelsea')])
      const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
      const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` }
      const ask = () => fetch(`${url}/v1/detect?model=slow`, { method: 'POST', body, headers })
      const answers = [ask(), ask(), ask()]
      await asked
      await untilGauge(url, 'requests_waiting', 1)
      gateway.child.kill('SIGTERM')
      gateway.child.kill('SIGTERM')
      await says(gateway, /shutting down/)
      release()
      for (const answer of answers) t.equal((await answer).status, 200)
      t.strictSame(await gateway.exited, [0, null])
      const logged = gateway.output().matchAll(/"trace_id":"(.*?)"/g)
      t.strictSame(
        [...logged].map(([, id]) => id),
        [traceId, traceId, traceId],
      )
      const sick = run(t, 'cli', ['healthcheck'], env)
      t.strictSame(await sick.exited, [1, null], 'the health check fails')
    },
  )

  t.test('explains all that is wrong with its settings', async (t) => {
    const env = { PORT: 'x', TF_SERVING_TARGET: 'http://serving:8500', MAX_IMAGE_BYTE: '1' }
    const gateway = run(t, 'server', [], env)
    t.strictSame(await gateway.exited, [1, null])
    t.match(gateway.output(), /PORT: .*\n.*TF_SERVING_TARGET: .*URL.*\n.*MAX_IMAGE_BYTES/)
  })

  t.test('checks without a start', async (t) => {
    const directory = t.testdir({ a: { 'model.json': '{"task": 7}' }, b: { 'model.json': '{}' } })
    const env = {
      TF_SERVING_TARGET: 'serving:8500',
      MODEL_REPOSITORY: directory,
      MAX_IMAGE_BYTE: '3',
    }
    const bad = run(t, 'cli', ['serve', '--check'], { ...env, MEMORY_LIMIT_BYTES: '1000' })
    const good = run(t, 'cli', ['serve', '--check'], { ...env, MODEL_REPOSITORY: root })
    t.strictSame(await bad.exited, [1, null])
    for (const problem of [/MEMORY_LIMIT_BYTES/, /a\/model\.json/]) t.match(bad.output(), problem)
    t.notMatch(bad.output(), /model\.json.*model\.json/, 'each place is named once')
    t.strictSame(await good.exited, [0, null], good.output())
    const none = run(t, 'cli', ['serve', '--check'], { ...env, MODEL_REPOSITORY: `${directory}/c` })
    t.strictSame(await none.exited, [0, null], 'a folder may come later')
    t.match(none.output(), /warning: MODEL_REPOSITORY: there is no folder .*\/c, /)
    t.notMatch(good.output(), /there is no folder/)
    for (const fact of [/warning: .*MAX_IMAGE_BYTES/, /valid/, /serving:8500/, /ssdlite_mobilenet/])
      t.match(good.output(), fact)
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
    t.match(
      gateway.output(),
      `Cannot listen on 127.0.0.1:${port} (PORT, HOST): another program has this port (EADDRINUSE)`,
    )
  })
})

/** Settings of a gateway that needs no model server to run. */
const alone = (t: Test) => ({
  PORT: '0',
  TF_SERVING_TARGET: '127.0.0.1:1',
  MODEL_REPOSITORY: t.testdir({}),
})

/** A gateway whose end is held up: by a client that sends no more than a part of its body. */
async function runHeldUp(t: Test, env: NodeJS.ProcessEnv = {}) {
  const port = await freePort()
  const gateway = run(t, 'server', [], { ...alone(t), ...env, PORT: String(port) })
  await says(gateway, /curl -F/)
  const client = connect({ host: '127.0.0.1', port }).on('error', () => {})
  t.teardown(() => client.destroy())
  client.write('POST /v1/detect HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\n')
  client.write('content-length: 1000\r\n\r\nabc')
  while (!((await gauge(`http://127.0.0.1:${port}`, 'upload_bytes_reserved')) > 0)) await sleep(5)
  return gateway
}

t.test('the end of the process', { jobs: 2 }, async (t) => {
  t.test('comes when the time to drain is over', async (t) => {
    const gateway = await runHeldUp(t, { DRAIN_TIMEOUT_MS: '200' })
    gateway.child.kill('SIGTERM')
    t.strictSame(await gateway.exited, [1, null])
    t.match(gateway.output(), /killed by timeout/)
  })

  t.test('comes after a delay in which requests are taken', async (t) => {
    const port = await freePort()
    const env = { ...alone(t), PORT: String(port), DRAIN_DELAY_MS: '3600000' }
    const gateway = run(t, 'server', [], env)
    await says(gateway, /curl -F/)
    gateway.child.kill('SIGTERM')
    await says(gateway, /shutting down/)
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`)
    t.equal(ready.status, 503)
    t.match(await ready.json(), { status: 'shutting_down' })
    const taken = await fetch(`http://127.0.0.1:${port}/v1/models`)
    t.equal(taken.status, 200)
    t.equal(taken.headers.get('connection'), 'close', 'its client should connect elsewhere')
    await taken.body?.cancel()
    await sleep(1100)
    gateway.child.kill('SIGTERM')
    t.strictSame(await gateway.exited, [1, null], 'a second signal does not wait for it')
  })

  t.test('comes by itself when the delay is over', async (t) => {
    const gateway = run(t, 'server', [], { ...alone(t), DRAIN_DELAY_MS: '300' })
    await says(gateway, /curl -F/)
    gateway.child.kill('SIGTERM')
    t.strictSame(await gateway.exited, [0, null])
  })

  t.test('comes at once with a second signal', async (t) => {
    const gateway = await runHeldUp(t)
    gateway.child.kill('SIGTERM')
    await says(gateway, /closing: /)
    gateway.child.kill('SIGINT')
    await new Promise((resolve) => setTimeout(resolve, 1100))
    t.equal(gateway.child.exitCode, null, 'a repeat within a second is the same signal')
    gateway.child.kill('SIGTERM')
    t.strictSame(await gateway.exited, [1, null])
    t.match(gateway.output(), /second signal/)
  })

  for (const [name, fault] of [
    ['an uncaught exception', "setTimeout(() => { throw new Error('boom') })"],
    ['an unhandled rejection', "Promise.reject(new Error('boom'))"],
  ] as const) {
    t.test(`comes cleanly and visibly after ${name}`, async (t) => {
      const fail = `--import=data:text/javascript,process.on('SIGWINCH', () => ${fault})`
      const gateway = run(t, 'server', [], alone(t), [fail])
      await says(gateway, /curl -F/)
      gateway.child.kill('SIGWINCH')
      t.strictSame(await gateway.exited, [1, null])
      const fatal = gateway
        .output()
        .split('\n')
        .find((line) => line.includes('"level":60'))
      t.match(JSON.parse(fatal ?? '{}'), {
        msg: 'closing after an error',
        err: { message: 'boom' },
      })
    })
  }

  for (const [name, group] of [
    ['npm alone', false],
    ['npm and the process group', true],
  ] as const) {
    t.test(`is clean when a signal comes by ${name}`, async (t) => {
      const start = `exec ${process.execPath} ${LOADER} ${root}src/server.ts`
      const cwd = t.testdir({ 'package.json': JSON.stringify({ scripts: { start } }) })
      const { PORT, TF_SERVING_TARGET } = alone(t)
      const env = { ...process.env, PORT, TF_SERVING_TARGET, npm_config_update_notifier: 'false' }
      const npm = spawn('npm', ['start'], {
        cwd,
        env,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const gateway = watch(t, npm)
      t.teardown(() => {
        // The group is gone when all is well.
        try {
          process.kill(-npm.pid!, 'SIGKILL')
        } catch {}
      })
      await says(gateway, /curl -F/)
      process.kill(group ? -npm.pid! : npm.pid!, 'SIGTERM')
      t.strictSame(await gateway.exited, [0, null], gateway.output())
      t.match(gateway.output(), /closing: /)
      t.notMatch(gateway.output(), /second signal/)
    })
  }
})

t.test('the command line', async (t) => {
  const help = run(t, 'cli', ['--help'], {})
  t.strictSame(await help.exited, [0, null])
  t.match(help.output(), /serve-embedded/)
  const unknown = run(t, 'cli', ['fly'], {})
  t.strictSame(await unknown.exited, [1, null])
  t.match(unknown.output(), /no command "fly"/)
})
