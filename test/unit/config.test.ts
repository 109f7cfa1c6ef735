import t from 'tap'
import { loadConfig, Settings, settingWarnings } from '../../src/config.js'
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
    const numbers = { PORT: '99999', MAX_IMAGE_BYTES: '20MB', SLOTS: '1.5', QUEUE_LENGTH: '-1' }
    t.throws(() => loadConfig(numbers), {
      message: `These settings are invalid:
  PORT: expected at most 65535 (got "99999")
  MAX_IMAGE_BYTES: expected a whole number, without units (got "20MB")
  SLOTS: expected a whole number, without units (got "1.5")
  QUEUE_LENGTH: expected at least 0 (got "-1")`,
    })
  })

  t.test('lists what does nothing beside what is wrong', async (t) => {
    t.throws(() => loadConfig({ PORT: 'x', TLS_CERT_FILE: 'a.pem', OPERATIONS_HOST: '::1' }), {
      message: `These settings are invalid:
  PORT: expected a whole number, without units (got "x")
  TLS_CERT_FILE: does nothing without TLS_KEY_FILE (got "a.pem")
  OPERATIONS_HOST: does nothing without OPERATIONS_PORT (got "::1")`,
    })
  })

  t.test('lists what other checks find, and names misspelt settings', async (t) => {
    const env = { PORT: 'x', TF_SERVING_TARGET: 'http://a' }
    const refuse = (value: string) => {
      throw new Error(`no ${value}`)
    }
    const message = /PORT: .*\n {2}TF_SERVING_TARGET: no http:\/\/a/
    t.throws(() => loadConfig(env, { TF_SERVING_TARGET: refuse, DEFAULT_MODEL: refuse }), {
      message,
    })
    const misspelt = { MAX_IMAGE_BYTE: '1', REQUEST_TIMEOUT: '5' }
    t.throws(() => loadConfig({ ...misspelt, PORT: 'x' }), {
      message: /did you mean MAX_IMAGE_BYTES/,
    })
    t.match(settingWarnings(misspelt), [/MAX_IMAGE_BYTE .*MAX_IMAGE_BYTES/, /REQUEST_TIMEOUT_MS/])
    t.strictSame(settingWarnings({ PORT: '1', HOME: '/' }), [])
  })
})

t.test('the settings of access', async (t) => {
  t.test('are off until set', async (t) => {
    const { apiKeys, corsOrigins, trustedProxies, operationsPort, tlsCertFile } = loadConfig({})
    t.strictSame([apiKeys, corsOrigins, trustedProxies], [[], [], []])
    t.strictSame([operationsPort, tlsCertFile], [undefined, undefined])
  })

  t.test('are lists by comma, and keys by blank too', async (t) => {
    const digest = 'ab'.repeat(32)
    const config = loadConfig({
      CORS_ORIGINS: 'https://a.example, http://localhost:5173',
      TRUSTED_PROXIES: '10.0.0.0/8, ::1,loopback,2001:db8::/32',
      API_KEYS: `a:${digest}, b:${digest}\nc:${digest}`,
    })
    t.strictSame(config.corsOrigins, ['https://a.example', 'http://localhost:5173'])
    t.equal(config.trustedProxies.length, 4)
    t.strictSame(
      config.apiKeys.map(({ id }) => id),
      ['a', 'b', 'c'],
    )
  })

  t.test('are refused with the entry that is wrong', async (t) => {
    const wrong = {
      CORS_ORIGINS: ['a.example', 'https://a.example/', 'https://*.example'],
      TRUSTED_PROXIES: ['proxy', '10.0.0.0/33', '10.0.0.0/', '::1/129', '1.2.3.4/8/8', '/8'],
      RATE_LIMIT_REDIS_URL: ['localhost:6379', 'http://localhost'],
      API_KEYS: ['a', 'a:b'],
    }
    for (const [name, values] of Object.entries(wrong)) {
      for (const value of values) {
        t.throws(() => loadConfig({ [name]: value }), { message: new RegExp(`${name}: `) }, value)
      }
    }
  })

  t.test('are refused where they do nothing', async (t) => {
    for (const name of [
      'TLS_CERT_FILE',
      'TLS_KEY_FILE',
      'TLS_CLIENT_CA_FILE',
      'OPERATIONS_HOST',
      'RATE_LIMIT_KEY_REQUESTS',
    ]) {
      t.throws(() => loadConfig({ [name]: '1' }), { message: /does nothing without/ }, name)
    }
    const env = { RATE_LIMIT_REDIS_URL: 'redis://localhost' }
    t.throws(() => loadConfig(env), { message: /RATE_LIMIT_REDIS_URL: does nothing without/ })
  })

  t.test('are not repeated where they are secret', async (t) => {
    for (const [name, value] of [
      ['API_KEYS', 'sesame'],
      ['RATE_LIMIT_REDIS_URL', 'http://user:sesame@localhost'],
    ] as const) {
      try {
        loadConfig({ [name]: value })
        t.fail(name)
      } catch (error) {
        t.match(String(error), name)
        t.notMatch(String(error), 'sesame')
      }
    }
  })
})

t.test('chooseDefaultModel()', async (t) => {
  t.equal(chooseDefaultModel({ defaultModel: 'mine' }, ['a', 'b'], false), 'mine', 'what is set')
  t.equal(
    chooseDefaultModel({}, ['a', 'b'], true),
    'ssdlite_mobilenet_v2_coco',
    'the embedded model',
  )
  t.equal(chooseDefaultModel({}, ['a'], false), 'a', 'the only card')
  t.equal(chooseDefaultModel({}, [], false), 'ssdlite_mobilenet_v2_coco', 'no card')
  t.throws(
    () => chooseDefaultModel({}, ['a', 'b'], false),
    { message: /a, b.*DEFAULT_MODEL/ },
    'a choice',
  )
  const oip = { oipTarget: 'triton:8001' }
  t.equal(chooseDefaultModel(oip, ['a'], false), 'a', 'the only card of another server')
  t.throws(() => chooseDefaultModel(oip, [], false), { message: /OIP_TARGET.*DEFAULT_MODEL/ })
  t.equal(
    chooseDefaultModel({ ...oip, tfServingTarget: 'a:1' }, [], false),
    'ssdlite_mobilenet_v2_coco',
    'TensorFlow Serving may have it',
  )
})
