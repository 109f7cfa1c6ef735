import t from 'tap'
import { loadConfig, Settings } from '../../src/config.js'
import { chooseDefaultModel } from '../../src/default-model.js'

t.test('loadConfig()', async (t) => {
  t.test('needs nothing', async (t) => {
    t.match(loadConfig({}), {
      host: '127.0.0.1',
      port: 8080,
      maxImageBytes: 20 * 1024 * 1024,
      requestTimeoutMs: 10_000,
    })
    t.equal(loadConfig({}).tfServingTarget, undefined)
  })

  t.test('reads numbers, and takes an empty variable for an unset one', async (t) => {
    t.match(loadConfig({ PORT: '9000', HOST: '', UNRELATED: 'x' }), {
      port: 9000,
      host: '127.0.0.1',
    })
  })

  t.test('refuses times that no timer can count', async (t) => {
    t.equal(loadConfig({ REQUEST_TIMEOUT_MS: '2147483647' }).requestTimeoutMs, 2 ** 31 - 1)
    const names = Object.keys(Settings.shape).filter((name) => name.endsWith('_MS'))
    t.ok(names.length > 5)
    for (const name of names) {
      const message = new RegExp(`${name}: .*2147483647`)
      t.throws(() => loadConfig({ [name]: '2147483648' }), { message }, name)
    }
  })

  t.test('reads the doors to open', async (t) => {
    t.strictSame(loadConfig({}).compat, [], 'none unless they are named')
    t.strictSame(loadConfig({ COMPAT: ' Doods, max,doods,' }).compat, ['doods', 'max'])
    t.throws(() => loadConfig({ COMPAT: 'max,deepstak' }), {
      message: /COMPAT: "deepstak" is none of .*did you mean "deepstack"/,
    })
  })

  t.test('lists every problem at once, with the value it got', async (t) => {
    const env = { PORT: '99999', LOG_LEVEL: 'loud', SLOTS: 'many', MAX_IMAGE_BYTES: '0' }
    for (const name of Object.keys(env))
      t.throws(() => loadConfig(env), { message: new RegExp(`${name}: .*got`) }, name)
  })
})

t.test('chooseDefaultModel()', async (t) => {
  t.equal(chooseDefaultModel('mine', ['a', 'b'], false), 'mine', 'what is set')
  t.equal(
    chooseDefaultModel(undefined, ['a', 'b'], true),
    'ssdlite_mobilenet_v2_coco',
    'the embedded model',
  )
  t.equal(chooseDefaultModel(undefined, ['a'], false), 'a', 'the only card')
  t.equal(chooseDefaultModel(undefined, [], false), 'ssdlite_mobilenet_v2_coco', 'no card')
  t.throws(
    () => chooseDefaultModel(undefined, ['a', 'b'], false),
    { message: /a, b.*DEFAULT_MODEL/ },
    'a choice',
  )
})
