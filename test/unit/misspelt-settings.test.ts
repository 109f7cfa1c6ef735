import t from 'tap'
import { Settings } from '../../src/config.js'
import { misspeltSettings } from '../../src/misspelt-settings.js'

const settings = Object.keys(Settings.shape)

t.test('misspeltSettings() names the setting that was meant', async (t) => {
  const meant = {
    MAX_IMAGE_BYTE: 'MAX_IMAGE_BYTES',
    max_image_bytes: 'MAX_IMAGE_BYTES',
    MAX_IMAGEBYTES: 'MAX_IMAGE_BYTES',
    MAX_IAMGE_BYTES: 'MAX_IMAGE_BYTES',
    REQUEST_TIMEOUT: 'REQUEST_TIMEOUT_MS',
    TF_SERVING_TRAGET: 'TF_SERVING_TARGET',
    TFSERVING_TARGET: 'TF_SERVING_TARGET',
    DEFAULT_MODLE: 'DEFAULT_MODEL',
    port: 'PORT',
  }
  t.strictSame(Object.fromEntries(misspeltSettings(Object.keys(meant), settings)), meant)
})

t.test('misspeltSettings() leaves other variables alone', async (t) => {
  const others = [
    ...settings,
    ...[
      'HOME',
      'HOSTNAME',
      'PATH',
      'PWD',
      'LANG',
      'TERM',
      'USER',
      'SHLVL',
      'NODE_ENV',
      'OTEL_SERVICE_NAME',
    ],
    ...[
      'KUBERNETES_PORT_443_TCP_PORT',
      'TF_SERVING_SERVICE_HOST',
      'TF_SERVING_SERVICE_PORT',
      'TF_SERVING_PORT',
    ],
    ...[
      'TF_CPP_MIN_LOG_LEVEL',
      'npm_config_loglevel',
      'MODEL_VOLUME',
      'GATEWAY_PORT',
      'REPORT',
      'LOGLEVELS_OF_ALL',
    ],
  ]
  t.strictSame([...misspeltSettings(others, settings)], [])
})
