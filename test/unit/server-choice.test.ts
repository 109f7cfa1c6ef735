import t from 'tap'
import { DEMO_CARD } from '../../src/repository/demo-card.js'
import type { CardServer, ModelCard } from '../../src/repository/model-card.js'
import {
  type Cards,
  describePlaces,
  runsEmbedded,
  ServerChoice,
  serverWarnings,
} from '../../src/server-choice.js'

const DEMO = 'ssdlite_mobilenet_v2_coco'
const TRITON: CardServer = { protocol: 'oip', target: 'triton:8001' }

/** A repository with a card for each name; the demo's packaged card is there without one. */
function repository(servers: Record<string, CardServer | undefined> = {}): Cards {
  const card = (server: CardServer | undefined): ModelCard => ({ ...DEMO_CARD, server })
  return {
    cards: () => Object.keys(servers),
    card: (name) => (name in servers ? card(servers[name]) : name === DEMO ? DEMO_CARD : undefined),
  }
}

t.test(
  'the embedded server runs where nobody else is named, or beside others for the demo',
  (t) => {
    const tf = { tfServingTarget: 'a:1' }
    const oip = { oipTarget: 'a:1' }
    const demo = { defaultModel: DEMO }
    t.equal(runsEmbedded({}, repository()), true, 'nothing is named')
    t.equal(runsEmbedded({}, repository({ mine: undefined })), true, 'a card without a server')
    t.equal(runsEmbedded(tf, repository()), false)
    t.equal(runsEmbedded({ ...tf, ...demo }, repository()), false)
    t.equal(runsEmbedded(oip, repository()), false)
    t.equal(runsEmbedded({ ...oip, ...demo }, repository()), true)
    t.equal(runsEmbedded({ ...oip, defaultModel: 'mine' }, repository()), false)
    t.equal(runsEmbedded({}, repository({ mine: TRITON })), false)
    t.equal(runsEmbedded(demo, repository({ mine: TRITON })), true)
    t.equal(runsEmbedded(demo, repository({ [DEMO]: TRITON })), false, 'the demo is elsewhere')
    t.end()
  },
)

t.test('a card goes before the settings, TF_SERVING_TARGET before OIP_TARGET', (t) => {
  const cards = repository({
    there: TRITON,
    named: { protocol: 'oip' },
    plain: undefined,
  })
  const both = { tfServingTarget: 'tf:8500', oipTarget: 'oip:8001' }
  const choice = new ServerChoice(both, cards)
  t.strictSame(choice.of('there'), TRITON)
  t.strictSame(choice.of('named'), { protocol: 'oip', target: 'oip:8001' })
  for (const name of ['plain', 'unknown', DEMO]) {
    t.strictSame(choice.of(name), { protocol: 'tf-serving', target: 'tf:8500' }, name)
  }
  const oip = new ServerChoice({ oipTarget: 'oip:8001' }, cards, 'own:1')
  t.strictSame(oip.of('unknown'), { protocol: 'oip', target: 'oip:8001' })
  t.match(oip.of(DEMO), { protocol: 'tf-serving', target: 'own:1', embedded: true })
  const alone = new ServerChoice({}, cards, 'own:1')
  t.match(alone.of('unknown'), { target: 'own:1', embedded: true })
  t.end()
})

t.test('a model without any server says what would give it one', (t) => {
  const choice = new ServerChoice({}, repository({ there: TRITON, named: { protocol: 'oip' } }))
  t.throws(() => choice.of('plain'), {
    code: 'model_not_found',
    message: /"plain".*TF_SERVING_TARGET and OIP_TARGET are not set/,
  })
  t.throws(() => choice.of('named'), {
    code: 'upstream_unavailable',
    message: /"named".*oip without a target, and OIP_TARGET is not set/,
  })
  t.strictSame(choice.all(), [TRITON])
  t.end()
})

t.test('all places are named, each once, as cards come and go', (t) => {
  const servers: Record<string, CardServer | undefined> = { a: TRITON, b: TRITON }
  const choice = new ServerChoice({ tfServingTarget: 'tf:8500' }, repository(servers))
  const words = () => describePlaces(choice.all())
  t.equal(words(), 'tf:8500 (TensorFlow Serving), triton:8001 (Open Inference Protocol)')
  servers.a = { protocol: 'tf-serving', target: 'other:8500' }
  delete servers.b
  t.equal(words(), 'tf:8500 (TensorFlow Serving), other:8500 (TensorFlow Serving)')
  t.equal(describePlaces(new ServerChoice({}, repository(), 'x:1').all()), 'the embedded one')
  t.equal(describePlaces([]), 'none')
  t.end()
})

t.test('a target that nothing uses is warned of', (t) => {
  const both = { tfServingTarget: 'tf:8500', oipTarget: 'oip:8001' }
  t.match(serverWarnings(both, repository({ there: TRITON })), [/^OIP_TARGET is not used/])
  t.strictSame(serverWarnings(both, repository({ named: { protocol: 'oip' } })), [])
  t.strictSame(serverWarnings({ oipTarget: 'oip:8001' }, repository()), [])
  t.end()
})
