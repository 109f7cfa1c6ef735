import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { PredictionLog } from '../../../src/export/stubs.js'
import { readTfRecords, toTfRecord } from '../../../src/export/tf-record.js'
import {
  checkWarmUp,
  type PredictWarmUp,
  type WarmUpRequest,
  warmUpPath,
  writeWarmUp,
} from '../../../src/export/warm-up.js'
import type { SignatureSummary } from '../../../src/export/written-version.js'

const tensor = (name: string, dtype: string, shape: number[] | null) => ({
  name,
  tensor: `${name}:0`,
  dtype,
  shape,
})

function signature(dtype: string, shape: number[] | null): SignatureSummary {
  return {
    name: 'serving_default',
    method: 'tensorflow/serving/predict',
    inputs: [tensor('inputs', dtype, shape)],
    outputs: [tensor('detection_boxes', 'DT_FLOAT', null)],
  }
}

const PIXELS = signature('DT_UINT8', [-1, -1, -1, 3])

function request(change: Partial<PredictWarmUp> = {}): PredictWarmUp {
  return {
    method: 'predict',
    model: 'm',
    signature: 'serving_default',
    inputs: {
      inputs: { dtype: 'DT_UINT8', shape: [1, 2, 1, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) },
    },
    outputs: ['detection_boxes'],
    ...change,
  }
}

t.test('writeWarmUp()', async (t) => {
  t.test('writes a record for each request', async (t) => {
    const version = t.testdir()
    const requests = [request(), request()]
    t.match(await writeWarmUp(version, requests, [PIXELS]), { records: 2 })
    const file = readFileSync(join(version, 'assets.extra/tf_serving_warmup_requests'))
    const [first] = readTfRecords(file, 'file')
    const predict = PredictionLog.deserializeBinary(first!).getPredictLog()!.getRequest()!
    t.equal(predict.getModelSpec()!.getName(), 'm')
    t.strictSame(predict.getOutputFilterList(), ['detection_boxes'])
    const proto = predict.getInputsMap().get('inputs')!
    t.strictSame([...proto.getTensorContent_asU8()], [1, 2, 3, 4, 5, 6])
    t.match(await checkWarmUp(version, [PIXELS]), { records: 2, bytes: file.length })
  })

  t.test('writes encoded images and normalised pixels', async (t) => {
    const encoded = { dtype: 'DT_STRING', shape: [1], data: [Uint8Array.of(0xff, 0xd8)] } as const
    const floats = {
      dtype: 'DT_FLOAT',
      shape: [1, 1, 1, 3],
      data: Float32Array.of(0, 0.5, 1),
    } as const
    const version = t.testdir()
    await writeWarmUp(
      version,
      [request({ inputs: { inputs: encoded } })],
      [signature('DT_STRING', [-1])],
    )
    t.match(await checkWarmUp(version, [signature('DT_STRING', null)]), { records: 1 })
    await writeWarmUp(
      version,
      [request({ inputs: { inputs: floats } })],
      [signature('DT_FLOAT', [1, 1, 1, 3])],
    )
    t.match(await checkWarmUp(version, [signature('DT_FLOAT', [-1, 1, 1, 3])]), { records: 1 })
  })

  const wrong: {
    name: string
    request: WarmUpRequest
    signature?: SignatureSummary
    message: RegExp
  }[] = [
    {
      name: 'another signature',
      request: request({ signature: 'other' }),
      message: /request 1 would keep the version from loading: the model has no signature other/,
    },
    {
      name: 'another input',
      request: request({ inputs: { image: request().inputs.inputs! } }),
      message: /its inputs are image, the signature serving_default takes inputs/,
    },
    {
      name: 'one input too many',
      request: request({ inputs: { ...request().inputs, more: request().inputs.inputs! } }),
      message: /its inputs are/,
    },
    {
      name: 'another type',
      request: request(),
      signature: signature('DT_STRING', [-1]),
      message: /is DT_UINT8, the signature says DT_STRING/,
    },
    {
      name: 'another size',
      request: request(),
      signature: signature('DT_UINT8', [1, 256, 256, 3]),
      message: /has the shape \[1,2,1,3\], the signature says \[1,256,256,3\]/,
    },
    {
      name: 'another rank',
      request: request(),
      signature: signature('DT_UINT8', [-1, -1, 3]),
      message: /has the shape/,
    },
    {
      name: 'too few bytes',
      request: request({
        inputs: { inputs: { dtype: 'DT_UINT8', shape: [1, 9, 9, 3], data: Uint8Array.of(1) } },
      }),
      message: /has 1 bytes for the shape \[1,9,9,3\], which needs 243/,
    },
    {
      name: 'an unknown output',
      request: request({ outputs: ['detection_masks'] }),
      message: /has no output detection_masks/,
    },
  ]
  for (const { name, request: bad, signature: other = PIXELS, message } of wrong) {
    t.test(`refuses a request with ${name}, and writes nothing`, async (t) => {
      const version = t.testdir()
      await t.rejects(writeWarmUp(version, [bad], [other]), { name: 'ExportError', message })
      t.notOk(existsSync(warmUpPath(version)))
    })
  }

  t.test('refuses more requests than TF-Serving takes, and none', async (t) => {
    const version = t.testdir()
    const many = Array.from({ length: 1001 }, () => request())
    await t.rejects(writeWarmUp(version, many, [PIXELS]), /more than 1000 requests/)
    await t.rejects(writeWarmUp(version, [], [PIXELS]), /at least one/)
  })
})

t.test('checkWarmUp()', async (t) => {
  t.test('finds none', async (t) => {
    t.equal(await checkWarmUp(t.testdir(), [PIXELS]), undefined)
  })

  const good = toTfRecord(Buffer.from('not a PredictionLog \xff'))
  const flipped = Buffer.from(good)
  flipped[14]! ^= 1
  const damaged: { name: string; bytes: Buffer; message: RegExp }[] = [
    {
      name: 'foreign bytes',
      bytes: Buffer.from('hello, world, hello'),
      message: /at byte 0, the checksum of a length/,
    },
    { name: 'a cut head', bytes: good.subarray(0, 5), message: /the head of a record is cut off/ },
    { name: 'a cut record', bytes: good.subarray(0, -3), message: /a record is cut off/ },
    { name: 'a flipped byte', bytes: flipped, message: /the checksum of a record/ },
    { name: 'another message', bytes: good, message: /it is no PredictionLog/ },
  ]
  for (const { name, bytes, message } of damaged) {
    t.test(`refuses ${name}`, async (t) => {
      const path = warmUpPath(t.testdir())
      mkdirSync(dirname(path))
      writeFileSync(path, bytes)
      await t.rejects(checkWarmUp(join(path, '../..'), [PIXELS]), { name: 'ExportError', message })
    })
  }
})
