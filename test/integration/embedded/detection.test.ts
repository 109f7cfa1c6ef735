import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import t from 'tap'
import { DEMO_MODEL_NAME } from '../../../src/embedded/demo-model.js'
import { startEmbeddedServer } from '../../../src/embedded/server.js'
import type { Tensors } from '../../../src/embedded/tensor.js'
import { Client, outputsOf, pixels } from './client.js'

interface Photo {
  readonly width: number
  readonly height: number
  readonly bytes: Uint8Array
}

interface Expected {
  readonly classId: number
  readonly score: number
  /** x_min, y_min, x_max, y_max in pixels of the photo. */
  readonly box: readonly [number, number, number, number]
}

// Facts measured with the same network in TensorFlow and with TensorFlow.js' converter.
const PHOTOS: Record<string, readonly Expected[]> = {
  astronaut: [{ classId: 1, score: 0.62, box: [20, 14, 379, 508] }],
  chelsea: [{ classId: 17, score: 0.93, box: [1, 2, 411, 298] }],
  coffee: [
    { classId: 47, score: 0.96, box: [174, 21, 413, 242] },
    { classId: 67, score: 0.73, box: [0, 3, 600, 396] },
  ],
}

const server = await startEmbeddedServer()
const client = new Client(server.target)
t.teardown(async () => {
  client.close()
  await server.close()
})
await server.ready

t.test('predict() finds the objects of real photos', async (t) => {
  for (const [name, expected] of Object.entries(PHOTOS)) {
    const photo = await load(name)
    const outputs = await detect([photo])
    t.strictSame(outputs.detection_boxes?.shape, [1, 100, 4], `${name}: shape of the boxes`)
    t.strictSame(outputs.num_detections?.data, new Float32Array([100]), `${name}: rows`)
    const found = above(outputs, 0.5, photo)
    t.equal(found.length, expected.length, `${name}: number of detections`)
    expected.forEach((wanted, i) => {
      t.equal(found[i]?.classId, wanted.classId, `${name}: class of detection ${i}`)
      t.ok(Math.abs(found[i]!.score - wanted.score) < 0.01, `${name}: score of detection ${i}`)
      const far = wanted.box.map((edge, k) => Math.abs(edge - found[i]!.box[k]!))
      t.ok(Math.max(...far) < 2, `${name}: box of detection ${i}`)
    })
  }
})

t.test('predict() finds the same objects when the photo is squashed to 300x300', async (t) => {
  for (const [name, expected] of Object.entries(PHOTOS)) {
    const whole = await load(name)
    const found = above(await detect([await load(name, 300)]), 0.5, whole)
    t.strictSame(
      found.map((detection) => detection.classId),
      expected.map((detection) => detection.classId),
      `${name}: classes`,
    )
    expected.forEach((wanted, i) => {
      const far = wanted.box.map((edge, k) => Math.abs(edge - found[i]!.box[k]!))
      t.ok(Math.max(...far) < 25, `${name}: box of detection ${i}`)
      t.ok(Math.abs(found[i]!.score - wanted.score) < 0.18, `${name}: score of detection ${i}`)
    })
  }
})

t.test('predict() sorts the rows and keeps them in range', async (t) => {
  const { detection_boxes, detection_scores, detection_classes } = await detect([
    await load('coffee'),
  ])
  const scores = [...(detection_scores!.data as Float32Array)]
  t.strictSame(
    scores,
    scores.toSorted((a, b) => b - a),
    'best score first',
  )
  t.ok(
    (detection_boxes!.data as Float32Array).every((edge) => edge >= 0 && edge <= 1),
    'boxes',
  )
  t.ok(
    (detection_classes!.data as Float32Array).every((id) => id >= 1 && id <= 90),
    'classes',
  )
})

t.test('predict() answers a batch as it answers each image', async (t) => {
  const photos = [await load('astronaut', 300), await load('chelsea', 300)]
  const batch = await detect(photos)
  const singles = await Promise.all(photos.map((photo) => detect([photo])))
  for (const [alias, tensor] of Object.entries(batch)) {
    const joined = singles.flatMap((single) => [...(single[alias]!.data as Float32Array)])
    t.equal(tensor.shape[0], 2, `${alias}: batch dimension`)
    t.strictSame([...(tensor.data as Float32Array)], joined, `${alias}: numbers`)
  }
})

t.test('predict() answers calls that come at once, each with its own detections', async (t) => {
  const photos = await Promise.all(Object.keys(PHOTOS).map((name) => load(name)))
  const answers = await Promise.all([...photos, ...photos].map((photo) => detect([photo])))
  const best = answers.map((outputs) => (outputs.detection_classes!.data as Float32Array)[0])
  t.strictSame(best, [1, 17, 47, 1, 17, 47])
})

t.test('the event loop turns while the network works', async (t) => {
  const photo = await load('chelsea')
  let turns = 0
  let working = true
  const turn = () => {
    turns += 1
    if (working) setImmediate(turn)
  }
  setImmediate(turn)
  await detect([photo]).finally(() => {
    working = false
  })
  t.ok(turns > 20, `turned ${turns} times`)
})

async function detect(photos: readonly Photo[]): Promise<Tensors> {
  const { height, width } = photos[0]!
  const tensor = pixels(
    [photos.length, height, width, 3],
    Buffer.concat(photos.map(({ bytes }) => bytes)),
  )
  const response = await client.predict({
    spec: { name: DEMO_MODEL_NAME },
    inputs: { input_tensor: tensor },
  })
  return outputsOf(response)
}

async function load(name: string, side?: number): Promise<Photo> {
  const file = fileURLToPath(new URL(`../../fixtures/${name}.jpg`, import.meta.url))
  const image = sharp(file).removeAlpha()
  if (side !== undefined) image.resize(side, side, { fit: 'fill', kernel: 'lanczos3' })
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, bytes: data }
}

function above(outputs: Tensors, threshold: number, { width, height }: Photo) {
  const [boxes, scores, classes] = ['detection_boxes', 'detection_scores', 'detection_classes'].map(
    (alias) => outputs[alias]!.data as Float32Array,
  ) as [Float32Array, Float32Array, Float32Array]
  return [...scores.keys()]
    .filter((row) => scores[row]! >= threshold)
    .map((row) => {
      const [y0, x0, y1, x1] = boxes.subarray(row * 4, row * 4 + 4) as unknown as number[]
      const box = [x0! * width, y0! * height, x1! * width, y1! * height]
      return { classId: classes[row]!, score: scores[row]!, box }
    })
}
