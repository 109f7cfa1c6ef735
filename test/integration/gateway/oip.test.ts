import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { status as code, ServerCredentials } from '@grpc/grpc-js'
import t, { type Test } from 'tap'
import type { Tensor } from '../../../src/serving/model-server.js'
import type { ModelInferRequest } from '../../../src/serving/oip/stubs.js'
import {
  type Declared,
  failure,
  index,
  inferred,
  metadata,
  modelReady,
  type OipScript,
  serverReady,
  startOipServer,
} from '../../unit/serving/oip/oip-server.js'
import {
  DOG,
  detections,
  detector,
  form,
  PERSON,
  photo,
  post,
  ready,
  start,
  startOn,
} from './harness.js'

const tls = (name: string) => fileURLToPath(new URL(`../serving/tls/${name}`, import.meta.url))

const PIXELS: Declared = ['image', 'UINT8', [-1, -1, -1, 3]]
const OUTPUTS: readonly Declared[] = [
  ['detection_boxes', 'FP32', [-1, -1, 4]],
  ['detection_scores', 'FP32', [-1, -1]],
  ['detection_classes', 'FP32', [-1, -1]],
  ['num_detections', 'FP32', [-1]],
]

/** Models of the scripted server: what they declare, and whether they fail. */
const MODELS: Record<string, { inputs: Declared[]; outputs: readonly Declared[] }> = {
  pixels: { inputs: [PIXELS], outputs: OUTPUTS },
  encoded: { inputs: [['image', 'BYTES', [-1]]], outputs: OUTPUTS },
  silent: { inputs: [], outputs: [] },
  raising: { inputs: [PIXELS], outputs: OUTPUTS },
  small: { inputs: [PIXELS], outputs: OUTPUTS },
}

function toColumn(counts: Tensor): Tensor {
  return { ...counts, shape: [...counts.shape, 1] } as Tensor
}

/** A server that answers every image with a dog and a person, as MLServer does: counts in a column. */
function detectorServer(seen: ModelInferRequest[] = [], version = '3'): OipScript {
  const known = (name: string, asked: string) => {
    const model = MODELS[name]
    if (model !== undefined && ['', version].includes(asked)) return model
    throw failure(code.NOT_FOUND, `Request for unknown model: '${name}' is not found`)
  }
  return {
    serverReady: () => serverReady(),
    modelReady: (request) => modelReady(request.getName() in MODELS),
    repositoryIndex: () =>
      index(...Object.keys(MODELS).map((name) => [name, version, 'READY'] as const)),
    modelMetadata: (request) => {
      const { inputs, outputs } = known(request.getName(), request.getVersion())
      return metadata(inputs, outputs, [version])
    },
    modelInfer: (request) => {
      known(request.getModelName(), request.getModelVersion())
      seen.push(request)
      if (request.getModelName() === 'raising') {
        throw failure(code.INTERNAL, 'ValueError: boom, File "/secret/model.py", line 3')
      }
      if (request.getModelName() === 'small') {
        throw failure(
          code.RESOURCE_EXHAUSTED,
          'SERVER: Received message larger than max (5242917 vs. 4194304)',
        )
      }
      const [batch = 1] = request.getInputsList()[0]!.getShapeList()
      const outputs = detections([DOG, PERSON], batch)
      const num_detections = toColumn(outputs.num_detections!)
      return inferred({ ...outputs, num_detections }, version)
    },
  }
}

const FOUND = { detections: [{ class_id: 18 }, { class_id: 1 }] }
const SILENT_CARD = {
  labels: { 18: 'dog' },
  input: { dtype: 'UINT8' },
  inputs: { image: 'x' },
  outputs: { num_detections: 'num_detections' },
}

async function startGateway(t: Test, script: OipScript, env: NodeJS.ProcessEnv = {}) {
  const target = await startOipServer(t, script)
  const repository = { 'silent/model.json': JSON.stringify(SILENT_CARD) }
  return await startOn(t, { OIP_TARGET: target, DEFAULT_MODEL: 'pixels', ...env }, repository)
}

t.test('a server of the Open Inference Protocol behind the same door', async (t) => {
  const seen: ModelInferRequest[] = []
  const { url, gateway } = await startGateway(t, detectorServer(seen))
  const image = await photo('chelsea')
  await ready(url)
  t.equal(gateway.embedded, undefined, 'the embedded server stays off')

  t.test('pixels go out raw, in one tensor a batch', async (t) => {
    seen.length = 0
    const one = await post(`${url}/v1/detect`, form([image]))
    t.match(one, { status: 200, body: FOUND })
    t.match(one.body.model, { name: 'pixels', version: '3', signature: 'serving_default' })
    const batch = await post(`${url}/v1/detect/batch`, form([image, image, image]))
    t.match(batch.body.results, [FOUND, FOUND, FOUND])
    const shapes = seen.map((it) => it.getInputsList()[0]?.getShapeList()[0])
    t.strictSame(shapes, [1, 3])
    t.match(seen[0]?.getInputsList()[0]?.toObject(), { name: 'image', datatype: 'UINT8' })
    const [, height = 0, width = 0] = seen[0]?.getInputsList()[0]?.getShapeList() ?? []
    t.equal(seen[0]?.getRawInputContentsList_asU8()[0]?.length, height * width * 3)
  })

  t.test('encoded pictures go out with their lengths', async (t) => {
    seen.length = 0
    t.match(await post(`${url}/v1/detect?model=encoded`, form([image])), { body: FOUND })
    const raw = Buffer.from(seen[0]?.getRawInputContentsList_asU8()[0] ?? [])
    t.equal(raw.readUInt32LE(), raw.length - 4)
    t.equal(raw.readUInt16BE(4), 0xffd8, 'a JPEG')
  })

  t.test('a model that declares nothing is described by its card', async (t) => {
    seen.length = 0
    const { body } = await post(`${url}/v1/detect?model=silent`, form([image]))
    t.match(body, { detections: [{ label: 'dog' }, { label: null }] })
    t.match(seen[0]?.getInputsList()[0]?.getName(), 'x')
    const model = await (await fetch(`${url}/v1/models/silent`)).json()
    t.match(model, { state: 'AVAILABLE', reason: null, input: { name: 'x', dtype: 'DT_UINT8' } })
  })

  t.test('failures are named, in no words of the server', async (t) => {
    const rows: [string, number, string, RegExp][] = [
      ['model=nope', 404, 'model_not_found', /no model "nope"/],
      ['version=7', 404, 'version_not_found', /no version 7 .*3 can be asked for/],
      ['version_label=stable', 404, 'version_not_found', /has no labels/],
      ['model=raising', 502, 'upstream_rejected', /gateway log/],
      ['model=small', 502, 'upstream_rejected', /4194304 bytes.*max_side/],
    ]
    for (const [query, status, name, detail] of rows) {
      const answer = await post(`${url}/v1/detect?${query}`, form([image]))
      t.match(answer, { status, body: { code: name, detail } }, query)
      t.notMatch(JSON.stringify(answer.body), /secret|boom/)
    }
  })

  t.test('GET /v1/models tells what is served', async (t) => {
    const { models } = await (await fetch(`${url}/v1/models`)).json()
    t.match(models, [
      { name: 'pixels', default: true, state: 'AVAILABLE', versions: [{ version: '3' }] },
      { name: 'silent', default: false, state: 'AVAILABLE' },
    ])
  })
})

t.test('versions that are text are asked for, and named in headers', async (t) => {
  const seen: ModelInferRequest[] = []
  const version = 'v2 β'
  const { url } = await startGateway(t, detectorServer(seen, version))
  const image = form([await photo('chelsea')])
  await ready(url)
  const asked = await post(`${url}/v1/detect?version=${encodeURIComponent(version)}`, image)
  t.match(asked, { status: 200, body: { model: { name: 'pixels', version } } })
  t.equal(seen.at(-1)?.getModelVersion(), version)
  t.match(await post(`${url}/v1/detect?version=v3`, image), {
    status: 404,
    body: { code: 'version_not_found', detail: /no version v3 .*v2 β can be asked for/ },
  })
  const picture = await fetch(`${url}/v1/detect?format=png`, { method: 'POST', body: image })
  t.equal(picture.status, 200)
  t.equal(picture.headers.get('x-model-version'), 'v2 %CE%B2')
})

t.test('cards choose the server of each model, and a changed card counts at once', async (t) => {
  const other = await startOipServer(t, detectorServer([], '8'))
  const server = (target: string) => JSON.stringify({ server: { protocol: 'oip', target } })
  const { url, gateway } = await start(t, {
    models: [detector(), detector({ name: 'pixels' })],
    env: { DEFAULT_MODEL: 'ssdlite_mobilenet_v2_coco' },
    repository: { 'pixels/model.json': server(other) },
  })
  const image = form([await photo('chelsea')])
  const version = async (model: string) => {
    const { body } = await post(`${url}/v1/detect?model=${model}`, image)
    return body.model?.version ?? body.code
  }
  t.equal(gateway.embedded, undefined)
  t.equal(await version('ssdlite_mobilenet_v2_coco'), '1', 'TF_SERVING_TARGET has the others')
  t.equal(await version('pixels'), '8')
  const card = join(t.testdirName, 'pixels/model.json')
  await writeFile(card, '{}')
  /** The gateway looks at its cards every two seconds. */
  const changed = async (before: string) => {
    let now = await version('pixels')
    while (now === before) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      now = await version('pixels')
    }
    return now
  }
  t.equal(await changed('8'), '1')
  await writeFile(card, server('127.0.0.1:1'))
  t.equal(await changed('1'), 'upstream_unavailable')
})

t.test('the embedded server runs beside another one for the demo', async (t) => {
  const demo = 'ssdlite_mobilenet_v2_coco'
  const { url, gateway } = await startGateway(t, detectorServer(), { DEFAULT_MODEL: demo })
  t.not(gateway.embedded, undefined)
  await ready(url)
  const image = form([await photo('chelsea')])
  const { body } = await post(`${url}/v1/detect`, image)
  t.match(body, { model: { name: demo }, detections: [{ label: 'cat' }] })
  t.match(await post(`${url}/v1/detect?model=pixels`, image), { status: 200, body: FOUND })
})

t.test('without a name for a model there is no start', async (t) => {
  await t.rejects(startOn(t, { OIP_TARGET: '127.0.0.1:1' }), {
    message: /OIP_TARGET.*DEFAULT_MODEL/,
  })
})

t.test('TLS and trace context go to these servers too', async (t) => {
  const traces: unknown[] = []
  const script = detectorServer()
  const credentials = ServerCredentials.createSsl(null, [
    { private_key: readFileSync(tls('server.key')), cert_chain: readFileSync(tls('server.pem')) },
  ])
  const target = await startOipServer(
    t,
    {
      ...script,
      modelInfer: (request, call) => {
        traces.push(...call.metadata.get('traceparent'))
        return script.modelInfer!(request, call)
      },
    },
    credentials,
  )
  const { url } = await startOn(t, {
    OIP_TARGET: target,
    DEFAULT_MODEL: 'pixels',
    UPSTREAM_TLS_CA_FILE: tls('ca.pem'),
    UPSTREAM_TLS_SERVER_NAME: 'serving.test',
  })
  await ready(url)
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` }
  t.match(await post(`${url}/v1/detect`, form([await photo('chelsea')]), headers), { status: 200 })
  t.match(traces.at(-1), new RegExp(`^00-${traceId}-`))
})
