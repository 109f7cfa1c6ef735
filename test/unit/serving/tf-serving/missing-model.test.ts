import { Metadata, type ServiceError, status } from '@grpc/grpc-js'
import t from 'tap'
import type { ErrorCode } from '../../../../src/errors.js'
import type { ModelSelector, ModelState } from '../../../../src/serving/model-server.js'
import { toMissingModelError } from '../../../../src/serving/tf-serving/missing-model.js'

type Version = [version: string, state: ModelState, message?: string]

const notFound = (details: string): ServiceError =>
  Object.assign(new Error(details), { code: status.NOT_FOUND, details, metadata: new Metadata() })
const CAUSE = notFound('Servable not found for request: Latest(m)')

function explain(selector: Partial<ModelSelector>, versions: readonly Version[], cause = CAUSE) {
  const statuses = versions.map(([version, state, message = '']) => ({ version, state, message }))
  return toMissingModelError({ model: 'm', ...selector }, statuses, cause)
}

t.test('toMissingModelError() tells apart why a model does not answer', (t) => {
  const failed: Version = ['1', 'END', 'Read less bytes than requested']
  const rows: [string, Partial<ModelSelector>, Version[], ErrorCode, RegExp][] = [
    ['unknown', {}, [], 'model_not_found', /no model "m"/],
    ['unloaded', {}, [['1', 'END']], 'model_not_found', /no model "m"/],
    ['waiting', {}, [['1', 'START']], 'model_not_ready', /Version 1 .*loaded \(START\)/],
    ['loading', {}, [['1', 'LOADING']], 'model_not_ready', /\(LOADING\)/],
    ['unloading', {}, [['1', 'UNLOADING']], 'model_not_ready', /being unloaded \(UNLOADING\)/],
    ['failed', {}, [failed], 'model_not_ready', /failed to load \(END\)/],
    ['retrying after a failure', {}, [failed, ['2', 'LOADING']], 'model_not_ready', /Version 2/],
    ['back by now', {}, [['1', 'AVAILABLE']], 'model_not_ready', /changing versions/],
    [
      'unknown version',
      { version: '7' },
      [
        ['1', 'AVAILABLE'],
        ['2', 'END'],
      ],
      'version_not_found',
      /no version 7 .* 1 can be/,
    ],
    [
      'unloaded version',
      { version: '2' },
      [
        ['1', 'AVAILABLE'],
        ['2', 'END'],
      ],
      'version_not_found',
      /no version 2/,
    ],
    ['no version served', { version: '2' }, [['1', 'END']], 'version_not_found', /none is/],
    [
      'loading version',
      { version: '2' },
      [
        ['2', 'LOADING'],
        ['1', 'AVAILABLE'],
      ],
      'model_not_ready',
      /Version 2/,
    ],
    ['failed version', { version: '1' }, [failed], 'model_not_ready', /failed to load/],
    [
      'version with zeros before',
      { version: '007' },
      [['7', 'LOADING']],
      'model_not_ready',
      /Version 7/,
    ],
    [
      'unknown label',
      { versionLabel: 'stable' },
      [['1', 'AVAILABLE']],
      'version_not_found',
      /no version label "stable"/,
    ],
    [
      'label while loading',
      { versionLabel: 'stable' },
      [['1', 'LOADING']],
      'model_not_ready',
      /LOADING/,
    ],
    ['label of an unknown model', { versionLabel: 'stable' }, [], 'model_not_found', /no model/],
  ]
  for (const [name, selector, versions, code, message] of rows) {
    const error = explain(selector, versions)
    t.match(error, { code, message }, name)
    t.notMatch(error?.message, /Read less|Servable/, `${name}: keeps upstream's text to itself`)
  }
  t.end()
})

t.test('toMissingModelError() keeps the reason of a failed load for the log', (t) => {
  const cause = explain({}, [['1', 'END', 'Read less bytes']])?.cause
  t.match(cause, { message: /Read less bytes/, cause: CAUSE })
  t.end()
})

t.test(
  'toMissingModelError() has no answer when the model is there and its graph misses something',
  (t) => {
    t.equal(explain({}, [['1', 'AVAILABLE']], notFound('Resource table not found')), null)
    t.end()
  },
)
