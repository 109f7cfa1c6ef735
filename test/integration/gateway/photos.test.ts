import sharp, { type Sharp } from 'sharp'
import t from 'tap'
import { form, photo, post, ready, startOn } from './harness.js'

interface Box {
  x_min: number
  y_min: number
  x_max: number
  y_max: number
}
type Answer = {
  detections: { label: string; score: number; box: Box }[]
  image: { orientation: number }
}

/** Whether two boxes agree within `tolerance` pixels at every edge. */
function near(a: Box, b: Box, tolerance: number): boolean {
  return (Object.keys(a) as (keyof Box)[]).every((edge) => Math.abs(a[edge] - b[edge]) <= tolerance)
}

t.test('the demo model on real photos', async (t) => {
  const { url } = await startOn(t, {})
  await ready(url)
  const detect = async (bytes: Buffer, query = '') => {
    const answer = await post(`${url}/v1/detect${query}`, form([bytes]))
    t.equal(answer.status, 200)
    return answer.body as Answer
  }

  t.test('finds what is in them', async (t) => {
    const box = (x_min: number, y_min: number, x_max: number, y_max: number) => ({
      x_min,
      y_min,
      x_max,
      y_max,
    })
    const expected = {
      astronaut: [['person', 0.64, box(11, 14, 400, 508)]],
      chelsea: [['cat', 0.93, box(1, 2, 412, 298)]],
      coffee: [
        ['cup', 0.96, box(174, 21, 412, 241)],
        ['dining table', 0.66, box(0, 3, 600, 396)],
      ],
    } as const
    for (const [name, objects] of Object.entries(expected)) {
      const { detections } = await detect(await photo(name as keyof typeof expected))
      t.strictSame(
        detections.map((it) => it.label),
        objects.map(([label]) => label),
        name,
      )
      objects.forEach(([label, score, where], i) => {
        t.ok(Math.abs(detections[i]!.score - score) < 0.1, `${name}: score of ${label}`)
        t.ok(near(detections[i]!.box, where, 20), `${name}: box of ${label}`)
      })
    }
  })

  t.test('finds the same whatever the orientation that EXIF undoes', async (t) => {
    const upright = await sharp(await photo('chelsea'))
      .png()
      .toBuffer()
    const reference = (await detect(upright)).detections[0]!
    const turns: Record<number, (image: Sharp) => Sharp> = {
      1: (it) => it,
      2: (it) => it.flop(),
      3: (it) => it.rotate(180),
      4: (it) => it.flip(),
      5: (it) => it.rotate(270).flop(),
      6: (it) => it.rotate(270),
      7: (it) => it.rotate(90).flop(),
      8: (it) => it.rotate(90),
    }
    for (const [orientation, turn] of Object.entries(turns)) {
      const stored = await turn(sharp(upright)).png().toBuffer()
      const bytes = await sharp(stored)
        .withMetadata({ orientation: Number(orientation) })
        .png()
        .toBuffer()
      const { detections, image } = await detect(bytes)
      t.match(image, { width: 451, height: 300, orientation: Number(orientation) }, orientation)
      t.equal(detections[0]?.label, 'cat', orientation)
      t.ok(near(detections[0]!.box, reference.box, 0.1), `${orientation}: the same box`)
    }
  })

  t.test('finds the same in every format', async (t) => {
    const original = sharp(await photo('chelsea'))
    for (const format of ['png', 'webp', 'gif', 'tiff', 'avif'] as const) {
      const { detections, image } = await detect(await original.clone().toFormat(format).toBuffer())
      t.match(image, { format, width: 451, height: 300 }, format)
      t.equal(detections[0]?.label, 'cat', format)
    }
  })

  t.test('draws what JSON says', async (t) => {
    const bytes = await photo('coffee')
    const { detections } = await detect(bytes)
    for (const format of ['png', 'jpeg', 'webp'] as const) {
      const asked = [
        fetch(`${url}/v1/detect?format=${format}`, { method: 'POST', body: form([bytes]) }),
        fetch(`${url}/v1/detect`, {
          method: 'POST',
          body: form([bytes]),
          headers: { accept: `image/${format}` },
        }),
      ]
      for (const response of await Promise.all(asked)) {
        t.equal(response.status, 200, format)
        t.equal(response.headers.get('content-type'), `image/${format}`)
        t.equal(response.headers.get('x-detections-count'), String(detections.length))
        t.equal(response.headers.get('x-model-name'), 'ssdlite_mobilenet_v2_coco')
        t.equal(response.headers.get('x-model-version'), '1')
        t.match(response.headers.get('server-timing'), /decode;dur=.*annotate;dur=/)
        const picture = Buffer.from(await response.arrayBuffer())
        t.match(await sharp(picture).metadata(), { format, width: 600, height: 400 })
        t.ok(
          await differsAround(picture, bytes, detections[0]!.box),
          `${format}: the cup has a box`,
        )
      }
    }
    const small = await fetch(`${url}/v1/detect?format=png&picture_max_side=300`, {
      method: 'POST',
      body: form([bytes]),
    })
    t.match(await sharp(Buffer.from(await small.arrayBuffer())).metadata(), {
      width: 300,
      height: 200,
    })
  })
})

/** Whether the left edge of a box was drawn: the pictures differ there and hardly in the middle of the box. */
async function differsAround(drawn: Buffer, plain: Buffer, box: Box): Promise<boolean> {
  const [a, b] = await Promise.all(
    [drawn, plain].map((it) => sharp(it).removeAlpha().raw().toBuffer({ resolveWithObject: true })),
  )
  const difference = (x: number, y: number) => {
    const at = (Math.round(y) * a!.info.width + Math.round(x)) * 3
    return Math.max(...[0, 1, 2].map((c) => Math.abs(a!.data[at + c]! - b!.data[at + c]!)))
  }
  const y = (box.y_min + box.y_max) / 2
  return difference(box.x_min, y) > 40 && difference((box.x_min + box.x_max) / 2, y) < 30
}
