import { unzipSync } from 'fflate'
import sharp from 'sharp'
import t from 'tap'
import { DOG, form, photo, post, ready, start } from './harness.js'

const MODEL = 'ssdlite_mobilenet_v2_coco'

interface Picture {
  readonly pixels: Buffer
  readonly width: number
  readonly height: number
}

async function decoded(bytes: Buffer | Uint8Array): Promise<Picture> {
  const { data, info } = await sharp(bytes)
    .autoOrient()
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { pixels: data, width: info.width, height: info.height }
}

t.test('formats', async (t) => {
  const image = await photo('chelsea')
  const { width, height } = await sharp(image).metadata()
  const { url } = await start(t)
  await ready(url)
  const ask = (fields: Record<string, string>, headers = {}, bytes: Buffer = image) =>
    fetch(`${url}/v1/detect`, { method: 'POST', body: form([bytes], fields), headers })
  const [top, left, bottom, right] = DOG.box

  t.test('for labelling tools', async (t) => {
    const coco = await ask({ format: 'coco' })
    t.equal(coco.headers.get('content-type')?.split(';')[0], 'application/vnd.coco+json')
    t.equal(coco.headers.get('x-detections-count'), '2')
    const document = await coco.json()
    t.strictSame(document.images, [{ id: 1, file_name: 'photo-0.jpg', width, height }])
    t.match(document.annotations[0], { id: 1, image_id: 1, category_id: 18, score: 0.9 })
    t.equal(document.categories.length, 80, 'every class')

    const yolo = await ask({ format: 'yolo' })
    t.match(yolo.headers.get('content-type'), /^text\/plain/)
    const { labels } = await (await fetch(`${url}/v1/models/${MODEL}/labels`)).json()
    const position = labels.findIndex(({ name }: { name: string }) => name === 'dog')
    t.equal(
      await yolo.text(),
      `${position} 0.400000 0.300000 0.400000 0.400000\n0 0.500000 0.500000 1.000000 1.000000\n`,
    )

    const voc = await ask({ format: 'voc' })
    t.match(voc.headers.get('content-type'), /^application\/xml/)
    t.match(await voc.text(), `<width>${width}</width>`)
    for (const [accept, type] of [
      ['application/xml', /^application\/xml/],
      ['text/plain', /^text\/plain/],
      ['application/vnd.coco+json', /^application\/vnd\.coco\+json/],
      ['application/zip', /^application\/zip/],
      ['*/*', /^application\/json/],
      ['application/json, text/plain, */*', /^application\/json/],
    ] as const) {
      const response = await ask({}, { accept })
      t.match(response.headers.get('content-type'), type, accept)
      await response.arrayBuffer()
    }
  })

  t.test('a batch as one data set', async (t) => {
    const body = form([image, Buffer.from('no picture'), image], { format: 'coco' })
    const { headers, body: document } = await post(`${url}/v1/detect/batch`, body)
    t.match(headers.get('content-type'), /^application\/vnd\.coco\+json/)
    t.strictSame(
      document.images.map(({ id, file_name }: { id: number; file_name: string }) => [
        id,
        file_name,
      ]),
      [
        [1, 'photo-0.jpg'],
        [3, 'photo-2.jpg'],
      ],
    )
    const ids = document.annotations.map((it: { image_id: number }) => it.image_id)
    t.strictSame(ids, [1, 1, 3, 3])
    t.match(document.errors, [
      { image_id: 2, file_name: 'photo-1.jpg', error: { code: 'unsupported_media_type' } },
    ])
    for (const format of ['yolo', 'voc', 'crops', 'png']) {
      const { status } = await post(`${url}/v1/detect/batch`, form([image], { format }))
      t.equal(status, 400, format)
    }
  })

  t.test('crops', async (t) => {
    const response = await ask({ format: 'crops', quality: '100' })
    t.equal(response.headers.get('content-type'), 'application/zip')
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()))
    t.strictSame(Object.keys(files), ['0001-dog.jpg', '0002-person.jpg', 'detections.json'])
    const facts = JSON.parse(new TextDecoder().decode(files['detections.json']))
    t.match(facts.detections, [
      { file: '0001-dog.jpg', label: 'dog', class_id: 18 },
      { file: '0002-person.jpg', label: 'person' },
    ])
    const dog = await decoded(files['0001-dog.jpg']!)
    const [x, y] = [Math.floor(left * width), Math.floor(top * height)]
    t.match(dog, { width: Math.ceil(right * width) - x, height: Math.ceil(bottom * height) - y })
    const whole = await decoded(image)
    let difference = 0
    for (const at of [0, 1, 2].flatMap((row) => [0, 7, 30].map((column) => [column, row * 20]))) {
      const [column, row] = at as [number, number]
      for (let channel = 0; channel < 3; channel++) {
        const ours = dog.pixels[(row * dog.width + column) * 3 + channel]!
        const theirs = whole.pixels[((y + row) * width + x + column) * 3 + channel]!
        difference = Math.max(difference, Math.abs(ours - theirs))
      }
    }
    t.ok(difference <= 12, `the pixels of the photo, but for JPEG: ${difference}`)

    const redacted = await ask({ format: 'crops', redact: 'dog:fill', max_detections: '1' })
    const one = unzipSync(new Uint8Array(await redacted.arrayBuffer()))
    const { pixels } = await decoded(one['0001-dog.jpg']!)
    t.ok(
      pixels.every((value) => value <= 2),
      'redacted before it is cut',
    )
  })

  t.test('redaction', async (t) => {
    const exif = { IFD0: { Copyright: 'somebody' }, IFD3: { GPSLatitudeRef: 'N' } }
    const turned = await sharp(image)
      .jpeg({ quality: 95 })
      .withMetadata({ orientation: 6, exif })
      .toBuffer()
    t.ok((await sharp(turned).metadata()).exif)
    const upright = await decoded(turned)
    t.match({ width: upright.width, height: upright.height }, { width: height, height: width })

    const response = await ask({ format: 'png', redact: 'dog:fill' }, {}, turned)
    const bytes = Buffer.from(await response.arrayBuffer())
    const { exif: left_over, icc, xmp, ...facts } = await sharp(bytes).metadata()
    t.match(facts, { format: 'png', width: height, height: width })
    t.strictSame([left_over, icc, xmp], [undefined, undefined, undefined], 'no metadata')
    const picture = await decoded(bytes)
    const isInside = (x: number, y: number, margin: number) =>
      x >= (left - margin) * upright.width &&
      x < (right + margin) * upright.width &&
      y >= (top - margin) * upright.height &&
      y < (bottom + margin) * upright.height
    let shown = 0
    let changed = 0
    for (let y = 0; y < upright.height; y++) {
      for (let x = 0; x < upright.width; x++) {
        const at = (y * upright.width + x) * 3
        const now = picture.pixels.subarray(at, at + 3)
        if (isInside(x, y, 0) && !now.equals(Buffer.alloc(3))) shown++
        const was = upright.pixels.subarray(at, at + 3)
        if (!isInside(x, y, 0.03) && !now.equals(was)) changed++
      }
    }
    t.equal(shown, 0, 'every pixel of the box is black')
    t.equal(changed, 0, 'the rest is as it was: no box is drawn')
  })

  t.test('redaction asks for nothing but the score', async (t) => {
    const black = async (fields: Record<string, string>) => {
      const response = await ask({ format: 'png', redact: 'dog:fill', ...fields })
      const { pixels } = await decoded(Buffer.from(await response.arrayBuffer()))
      const at = (Math.round(0.3 * height) * width + Math.round(0.4 * width)) * 3
      return pixels.subarray(at, at + 3).every((value) => value === 0)
    }
    const nowhere = '[{"x_min":0,"y_min":0,"x_max":1,"y_max":1,"unit":"pixel","match":"contains"}]'
    t.ok(await black({ labels: 'person' }))
    t.ok(await black({ exclude_labels: 'dog' }))
    t.ok(await black({ regions: nowhere }))
    t.ok(await black({ max_detections: '1', redact: '18:fill' }))
    t.ok(await black({ redact: '*:fill' }))
    t.notOk(await black({ min_score: '0.95' }))
    t.notOk(await black({ redact: 'cat:fill' }))
  })

  t.test('redaction that would come to nothing is refused', async (t) => {
    const refused = async (fields: Record<string, string>, path = 'detect') => {
      const { status, body } = await post(`${url}/v1/${path}`, form([image], fields))
      return { status, code: body.code, detail: body.detail }
    }
    const conflict = { status: 400, code: 'parameter_conflict' }
    t.match(await refused({ redact: 'dog:blur' }), conflict)
    t.match(await refused({ redact: 'dog:blur', format: 'coco' }), conflict)
    t.match(await refused({ redact: 'dog:blur' }, 'detect/batch'), conflict)
    const invalid = { status: 400, code: 'invalid_parameter' }
    t.match(await refused({ redact: 'dgo:blur', format: 'png' }), { ...invalid, detail: /"dog"/ })
    t.match(await refused({ redact: 'dog:blurr', format: 'png' }), { ...invalid, detail: /"blur"/ })
    t.match(await refused({ redact: 'dog', format: 'png' }), { ...invalid, detail: /label:mode/ })
    const json = {
      image: { b64: image.toString('base64') },
      format: 'png',
      redact: { dog: 'blur' },
    }
    const response = await fetch(`${url}/v1/detect`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(json),
    })
    t.equal(response.headers.get('content-type'), 'image/png')
    await response.arrayBuffer()
  })
})
