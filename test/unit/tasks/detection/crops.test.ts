import { unzipSync } from 'fflate'
import t from 'tap'
import { startDeadline } from '../../../../src/tasks/deadline.js'
import { cropsBytes, zipCrops } from '../../../../src/tasks/detection/crops.js'
import type { Detection, DetectionResult } from '../../../../src/tasks/detection/result.js'

function detection(label: string | null, xMax: number): Detection {
  const box = { xMin: 0, yMin: 0, xMax: xMax * 40, yMax: 30 }
  return { label, classId: 7, score: 0.5, box, boxNormalized: { xMin: 0, yMin: 0, xMax, yMax: 1 } }
}

function result(detections: Detection[]): DetectionResult {
  return {
    model: { name: 'm', version: '1', signature: 's' },
    image: { width: 40, height: 30, format: 'png', orientation: 1 },
    detections,
    redactions: [],
    timingsMs: { queue: 0, decode: 0, predict: 0, postprocess: 0, total: 0 },
  }
}

t.test('zipCrops()', async (t) => {
  const picture = { width: 40, height: 30, pixels: new Uint8Array(40 * 30 * 3).fill(200) }
  const gone = new AbortController()
  const deadline = startDeadline(60_000, gone.signal)
  t.teardown(() => deadline.clear())
  const zip = async (...detections: Detection[]) =>
    unzipSync(await zipCrops(picture, result(detections), 85, deadline))

  t.test('stops at twice the pixels of the picture, and says so', async (t) => {
    const files = await zip(
      detection('a', 1),
      detection('b', 0.9),
      detection('c', 1),
      detection('d', 0.1),
    )
    const facts = JSON.parse(new TextDecoder().decode(files['detections.json']))
    t.strictSame(
      facts.detections.map(({ file }: { file: string | null }) => file),
      ['0001-a.jpg', '0002-b.jpg', null, '0004-d.jpg'],
    )
    t.equal(Object.keys(files).length, 4)
  })

  t.test('takes memory by what is cut out', async (t) => {
    const size = { width: 40, height: 30 }
    t.equal(cropsBytes(result([]), size, 85), 0)
    const small = cropsBytes(result([detection('a', 0.1)]), size, 85)
    const whole = cropsBytes(result([detection('a', 1)]), size, 85)
    t.equal(whole, 40 * 30 * (3 + 2 * 2.1))
    t.equal(small, whole / 10)
    t.ok(cropsBytes(result([detection('a', 1)]), size, 95) > whole)
    t.ok(
      cropsBytes(result(Array.from({ length: 50 }, () => detection('a', 1))), size, 85) < 3 * whole,
    )
  })

  t.test('gives files names that no folder is in', async (t) => {
    const names = Object.keys(
      await zip(detection('../../etc/passwd', 0.1), detection(null, 0), detection('Straße 1', 0.1)),
    )
    t.strictSame(names.slice(0, 3), ['0001--etc-passwd.jpg', '0002-7.jpg', '0003-Straße-1.jpg'])
  })

  t.test('nothing found is an empty list', async (t) => {
    t.strictSame(Object.keys(await zip()), ['detections.json'])
  })

  t.test('ends with its request', async (t) => {
    gone.abort(new Error('client left'))
    await t.rejects(zip(detection('a', 1)), { message: 'client left' })
  })
})
