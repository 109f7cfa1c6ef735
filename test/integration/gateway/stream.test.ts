import { once } from 'node:events'
import { connect } from 'node:net'
import sharp from 'sharp'
import t from 'tap'
import { StreamMessage } from '../../../src/schemas/stream.js'
import { connectRaw } from '../plugins/raw-client.js'
import { DOG, detections, detector, gauge, PERSON, photo, start, untilGauge } from './harness.js'
import { askForStream, latch, openStream, refusalOf, upgradeRequest } from './stream-client.js'

const image = await photo('chelsea')

t.test('a stream of pictures', async (t) => {
  const { url } = await start(t)
  const portOf = () => Number(new URL(url).port)

  t.test('answers each picture as the API promises', async (t) => {
    const { socket, next } = await openStream(t, url)
    t.equal(socket.extensions, '', 'uncompressed, though the client offers it')
    for (const frame of [0, 1]) {
      socket.send(image)
      const answer = await next()
      t.ok(StreamMessage.safeParse(answer).success)
      t.match(answer, {
        frame,
        dropped: 0,
        model: { name: 'ssdlite_mobilenet_v2_coco', version: '1' },
        image: { width: 451, height: 300, format: 'jpeg' },
        detections: [{ label: 'dog', score: 0.9 }, { label: 'person' }],
      })
    }
  })

  t.test('takes parameters from the query and from messages', async (t) => {
    const { socket, next } = await openStream(t, url, '?min_score=0.7&labels=dog,person')
    const labels = async () => {
      socket.send(image)
      return (await next()).detections?.map((it) => it.label)
    }
    t.strictSame(await labels(), ['dog'])
    socket.send('{"min_score": 0.1}')
    t.strictSame(await next(), { frame: 1, dropped: 0, changed: ['min_score'] })
    t.strictSame(await labels(), ['dog', 'person'])
    socket.send('{"labels": ["person"]}')
    await next()
    t.strictSame(await labels(), ['person'], 'in place of the list before')
    socket.send('{"labels": null, "max_detections": 1}')
    await next()
    t.strictSame(await labels(), ['dog'])

    const wrong: [string, string][] = [
      ['{"min_score": 50, "max_detections": 5}', 'invalid_parameter'],
      ['{"mindest": 1}', 'invalid_parameter'],
      ['{"format": "png"}', 'invalid_parameter'],
      ['{"timeout_ms": 3600000}', 'invalid_parameter'],
      ['{"redact": {"dog": "blur"}}', 'parameter_conflict'],
      ['[1]', 'malformed_request'],
      ['{', 'malformed_request'],
    ]
    for (const [text, code] of wrong) {
      socket.send(text)
      const answer = await next()
      t.match(answer, { frame: null, error: { code } }, text)
      t.ok(StreamMessage.safeParse(answer).success)
    }
    t.strictSame(await labels(), ['dog'], 'what is wrong changes nothing')
  })

  t.test('goes on after a picture that cannot be answered', async (t) => {
    const { socket, next } = await openStream(t, url)
    const frames: [Buffer, string][] = [
      [Buffer.from('no picture'), 'unsupported_media_type'],
      [Buffer.alloc(0), 'missing_image'],
      [image.subarray(0, 2000), 'image_undecodable'],
    ]
    for (const [frame, [bytes, code]] of frames.entries()) {
      socket.send(bytes)
      const answer = await next()
      t.match(answer, { frame, error: { code, request_id: /./ } })
      t.ok(StreamMessage.safeParse(answer).success)
    }
    socket.send('{"model": "nobody"}')
    await next()
    socket.send(image)
    t.match(await next(), { frame: 3, error: { code: 'model_not_found' } })
    socket.send('{"model": null}')
    await next()
    socket.send(image)
    t.match(await next(), { frame: 4, detections: [{ label: 'dog' }, {}] })
  })

  t.test('is refused by an ordinary answer before the upgrade', async (t) => {
    const cases: [string, number, string, RegExp][] = [
      ['?min_score=50', 400, 'invalid_parameter', /min_score/],
      ['?format=png', 400, 'invalid_parameter', /format/],
      ['?timeout_ms=3600000', 400, 'invalid_parameter', /REQUEST_TIMEOUT_MS/],
      ['?version=1&version_label=a', 400, 'parameter_conflict', /version/],
    ]
    for (const [query, status, code, detail] of cases) {
      const refusal = await refusalOf(askForStream(t, url, query))
      t.match(refusal, { status, body: { code, detail } }, query)
      t.match(refusal.headers, {
        'content-type': 'application/problem+json',
        connection: 'close',
        'x-request-id': refusal.body.request_id,
        'x-content-type-options': 'nosniff',
      })
    }
    const other = askForStream(t, url, '', { protocols: ['chat'] })
    t.match(await refusalOf(other), { status: 400, body: { detail: /detection-gateway\.v1/ } })
    await untilGauge(url, 'streams_open', 0)
  })

  t.test('is not to be had without a proper upgrade', async (t) => {
    const plain = await fetch(`${url}/v1/detect/stream`)
    t.match(await plain.json(), { code: 'upgrade_required', status: 426 })
    t.equal(plain.headers.get('upgrade'), 'websocket')

    const wrong: [string, string, number, string][] = [
      [
        'an old version',
        upgradeRequest().replace('version: 13', 'version: 8'),
        426,
        'upgrade_required',
      ],
      [
        'no key',
        upgradeRequest().replace(/sec-websocket-key: [^\r]*\r\n/, ''),
        400,
        'malformed_request',
      ],
      ['a body', `${upgradeRequest('', ['content-length: 2'])}{}`, 426, 'upgrade_required'],
      [
        'protocols that are none',
        upgradeRequest('', ['sec-websocket-protocol: detection-gateway.v1,,']),
        400,
        'malformed_request',
      ],
    ]
    for (const [name, request, status, code] of wrong) {
      const client = connectRaw(t, portOf())
      client.write(request)
      const answer = await client.answer()
      t.match(JSON.parse(answer.body), { status, code }, name)
      client.socket.destroy()
    }
  })

  t.test('leaves other requests that offer an upgrade alone', async (t) => {
    const client = connectRaw(t, portOf())
    const offer =
      'connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQCAAAAAAIAAAAA'
    client.write(
      `POST /v1/detect HTTP/1.1\r\nhost: test\r\n${offer}\r\ncontent-type: image/jpeg\r\ncontent-length: ${image.length}\r\n\r\n`,
    )
    client.write(image)
    t.match(JSON.parse((await client.answer()).body), { detections: { length: 2 } })

    const elsewhere = connectRaw(t, portOf())
    elsewhere.write(upgradeRequest().replace('/v1/detect/stream', '/livez'))
    t.equal((await elsewhere.answer()).status, 200)
  })

  t.test('does not begin in the middle of another answer', async (t) => {
    const socket = connect({ port: portOf(), host: '127.0.0.1' })
    t.teardown(() => socket.destroy())
    let received = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      received += chunk
    })
    socket.write(`GET /v1/models HTTP/1.1\r\nhost: test\r\n\r\n${upgradeRequest()}`)
    while (!received.includes('upgrade_required')) await once(socket, 'data')
    t.match(received, /^HTTP\/1\.1 200 .*HTTP\/1\.1 426 /s)
    socket.write(upgradeRequest())
    while (!received.includes('HTTP/1.1 101')) await once(socket, 'data')
    t.pass('and is to be had on the same connection afterwards')
  })

  t.test('is counted', async (t) => {
    const metrics = async () => (await fetch(`${url}/metrics`)).text()
    const answered = async () =>
      Number(/stream_frames_total\{outcome="answered"\} (\d+)/.exec(await metrics())?.[1])
    await untilGauge(url, 'streams_open', 0)
    const before = await answered()
    const { socket, next } = await openStream(t, url)
    t.equal(await gauge(url, 'streams_open'), 1)
    socket.send(image)
    await next()
    t.equal(await answered(), before + 1)
    socket.close()
    await untilGauge(url, 'streams_open', 0)
    for (const held of ['upload_bytes_reserved', 'answer_bytes_unread', 'requests_admitted']) {
      t.equal(await gauge(url, held), 0, held)
    }
    t.notMatch(await metrics(), /route="\/v1\/detect\/stream",status_code="(?:101|499)"/)
  })
})

t.test('the newest frame wins', async (t) => {
  const gates = [latch(), latch()]
  const arrived = [latch(), latch()]
  let calls = 0
  const model = detector({
    predict: async () => {
      const call = calls++
      arrived[call]?.open()
      await gates[call]?.opened
      return detections([DOG, PERSON])
    },
  })
  const { url } = await start(t, {
    models: [model],
    env: { DEFAULT_MODEL: 'ssdlite_mobilenet_v2_coco' },
  })
  // The warm-up is the first call.
  await arrived[0]!.opened
  const wide = (width: number) =>
    sharp({ create: { width, height: 100, channels: 3, background: '#888' } })
      .png()
      .toBuffer()
  const { socket, next } = await openStream(t, url)
  socket.send(await wide(101))
  await arrived[1]!.opened
  socket.send(await wide(102))
  socket.send(await wide(103))
  socket.send(await wide(104))
  socket.send('{"max_detections": 1}')
  t.match(await next(), { frame: 4, dropped: 2, changed: ['max_detections'] })
  gates[0]!.open()
  gates[1]!.open()
  t.match(await next(), { frame: 0, dropped: 2, image: { width: 101 } })
  const last = await next()
  t.match(last, { frame: 3, dropped: 2, image: { width: 104 } })
  t.equal(last.detections?.length, 2, 'by the parameters that were in force when it came')
  t.equal(calls, 3, 'those between were never sent to the model')
  await untilGauge(url, 'upload_bytes_reserved', 0)
})

t.test('places for streams', async (t) => {
  const { url, gateway } = await start(t, { env: { MAX_STREAMS: '2' } })
  const from = (localAddress: string) => ({ localAddress })
  const first = await openStream(t, url, '', from('127.0.0.2'))
  const second = await openStream(t, url, '', from('127.0.0.2'))
  const third = await refusalOf(askForStream(t, url, '', from('127.0.0.2')))
  t.match(third, { status: 429, body: { code: 'queue_full', detail: /MAX_STREAMS/ } })
  t.equal(third.headers['retry-after'], '1')

  const other = await openStream(t, url, '', from('127.0.0.3'))
  t.match(await second.next(), { frame: null, error: { code: 'queue_full' }, retry_after: 1 })
  t.strictSame(await second.closed, { code: 1013, reason: 'queue_full' }, 'who has most makes room')
  for (const { socket, next } of [first, other]) {
    socket.send(image)
    t.match(await next(), { frame: 0, detections: [{ label: 'dog' }, {}] })
  }
  first.socket.terminate()
  await untilGauge(url, 'streams_open', 1)
  await openStream(t, url, '', from('127.0.0.2'))

  t.test('may be none', async (t) => {
    const { url } = await start(t, { env: { MAX_STREAMS: '0' } })
    t.match(await refusalOf(askForStream(t, url)), {
      status: 404,
      body: { code: 'route_not_found' },
    })
  })
  await gateway.close()
  t.equal((await other.closed).code, 1001)
})

t.test('a stream of a client who leaves ends its work', async (t) => {
  const arrived = latch()
  const model = detector({
    predict: () => {
      arrived.open()
      return new Promise(() => {})
    },
  })
  const { url } = await start(t, {
    models: [model],
    env: { DEFAULT_MODEL: 'none', REQUEST_TIMEOUT_MS: '60000' },
  })
  const { socket } = await openStream(t, url, '?model=ssdlite_mobilenet_v2_coco')
  socket.send(image)
  socket.send(image)
  await arrived.opened
  socket.terminate()
  for (const held of [
    'streams_open',
    'requests_admitted',
    'call_bytes_reserved',
    'upload_bytes_reserved',
  ]) {
    await untilGauge(url, held, 0)
  }
  const metrics = await (await fetch(`${url}/metrics`)).text()
  t.match(metrics, /stream_frames_total\{outcome="left"\} 1/)
  t.match(metrics, /stream_frames_total\{outcome="dropped"\} 1/)
})

t.test('a gateway that ends answers the frame in work, and closes its streams', async (t) => {
  const arrived = latch()
  const release = latch()
  const model = detector({
    predict: async () => {
      arrived.open()
      await release.opened
      return detections([DOG])
    },
  })
  const { url, gateway } = await start(t, { models: [model], env: { DEFAULT_MODEL: 'none' } })
  const busy = await openStream(t, url, '?model=ssdlite_mobilenet_v2_coco')
  const idle = await openStream(t, url)
  busy.socket.send(image)
  await arrived.opened
  busy.socket.send(image)
  busy.socket.send('{"min_score": 0}')
  await busy.next()
  const closed = gateway.close()
  t.strictSame(await idle.closed, { code: 1001, reason: 'the gateway is shutting down' })
  t.equal(busy.socket.readyState, busy.socket.OPEN)
  release.open()
  t.match(await busy.next(), { frame: 0, dropped: 1, detections: [{ label: 'dog' }] })
  t.equal((await busy.closed).code, 1001)
  await closed
})
