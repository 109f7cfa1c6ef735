import sharp, { type Sharp } from 'sharp'
import t from 'tap'
import {
  decode,
  decodePicture,
  encodeForModel,
  isMadeOfPicture,
  type View,
  viewOfPicture,
} from '../../../src/imaging/decode.js'
import { readHeader } from '../../../src/imaging/header.js'

const MAX_PIXELS = 1_000_000
const TIMEOUT_MS = 10_000
const ALL = { fit: 'stretch', maxSide: 0, kernel: 'lanczos3' } as const

/** A 40 x 20 picture: red left, blue right, with a green top row of 5 pixels. */
function scene() {
  const pixels = Buffer.alloc(40 * 20 * 3)
  for (let y = 0; y < 20; y++) {
    for (let x = 0; x < 40; x++) pixels[(y * 40 + x) * 3 + (y < 5 ? 1 : x < 20 ? 0 : 2)] = 255
  }
  return sharp(pixels, { raw: { width: 40, height: 20, channels: 3 } })
}

type Rgb = { width: number; pixels: Uint8Array }

function pixel({ width, pixels }: Rgb, x: number, y: number): number[] {
  return [...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)]
}

function near(actual: number[], expected: number[]): boolean {
  return actual.every((value, i) => Math.abs(value - expected[i]!) < 40)
}

async function open(bytes: Buffer) {
  const header = await readHeader(bytes, MAX_PIXELS)
  const [image] = await decode(bytes, header, [ALL], TIMEOUT_MS)
  return { header, image: image! }
}

t.test('decode()', async (t) => {
  t.test('gives upright 8-bit RGB whatever came in', async (t) => {
    const cases: [string, Buffer][] = [
      ['jpeg', await scene().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()],
      [
        'progressive jpeg',
        await scene()
          .jpeg({ progressive: true, quality: 95, chromaSubsampling: '4:4:4' })
          .toBuffer(),
      ],
      ['cmyk jpeg', await scene().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer()],
      ['png', await scene().png().toBuffer()],
      ['palette png', await scene().png({ palette: true }).toBuffer()],
      ['16-bit png', await scene().toColourspace('rgb16').png().toBuffer()],
      ['png with alpha', await scene().ensureAlpha().png().toBuffer()],
      ['webp', await scene().webp({ lossless: true }).toBuffer()],
      ['gif', await scene().gif().toBuffer()],
      ['tiff', await scene().tiff({ compression: 'lzw' }).toBuffer()],
      ['avif', await scene().avif({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer()],
    ]
    for (const [name, bytes] of cases) {
      const { image } = await open(bytes)
      t.equal(image.pixels.length, 40 * 20 * 3, name)
      // CMYK has no such blue and green as sRGB: only their order is kept.
      if (name === 'cmyk jpeg') continue
      t.ok(near(pixel(image, 5, 12), [255, 0, 0]), `${name}: red left`)
      t.ok(near(pixel(image, 35, 12), [0, 0, 255]), `${name}: blue right`)
      t.ok(near(pixel(image, 20, 1), [0, 255, 0]), `${name}: green top`)
    }
  })

  t.test('makes grey pictures RGB', async (t) => {
    for (const bytes of [
      await scene().greyscale().jpeg().toBuffer(),
      await scene().greyscale().toColourspace('grey16').png().toBuffer(),
    ]) {
      const { image } = await open(bytes)
      const [r, g, b] = pixel(image, 5, 12)
      t.equal(image.pixels.length, 40 * 20 * 3)
      t.ok(r === g && g === b)
    }
  })

  t.test('shows what is transparent as white', async (t) => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 }
    const bytes = await sharp({ create: { width: 4, height: 4, channels: 4, background: clear } })
      .png()
      .toBuffer()
    const { image } = await open(bytes)
    t.strictSame(pixel(image, 1, 1), [255, 255, 255])
  })

  t.test('takes the first frame of an animation', async (t) => {
    const frames = await sharp(
      [await scene().png().toBuffer(), await scene().negate().png().toBuffer()],
      { join: { animated: true } },
    )
      .gif()
      .toBuffer()
    const { header, image } = await open(frames)
    t.match(header, { width: 40, height: 20, format: 'gif' })
    t.ok(near(pixel(image, 5, 12), [255, 0, 0]))
  })

  t.test('turns all eight EXIF orientations of one scene upright', async (t) => {
    // How the stored pixels of each orientation come from the upright ones; sharp flops before it rotates.
    const store: Record<number, (image: Sharp) => Sharp> = {
      1: (it) => it,
      2: (it) => it.flop(),
      3: (it) => it.rotate(180),
      4: (it) => it.flip(),
      5: (it) => it.rotate(270).flop(),
      6: (it) => it.rotate(270),
      7: (it) => it.rotate(90).flop(),
      8: (it) => it.rotate(90),
    }
    for (const [orientation, turn] of Object.entries(store)) {
      const stored = await turn(scene()).png().toBuffer()
      const bytes = await sharp(stored)
        .withMetadata({ orientation: Number(orientation) })
        .png()
        .toBuffer()
      const { header, image } = await open(bytes)
      t.match(header, { width: 40, height: 20, orientation: Number(orientation) }, orientation)
      t.ok(near(pixel(image, 5, 12), [255, 0, 0]), `${orientation}: red left`)
      t.ok(near(pixel(image, 20, 1), [0, 255, 0]), `${orientation}: green top`)
      const [small] = await decode(
        bytes,
        header,
        [{ ...ALL, size: { width: 20, height: 20 } }],
        TIMEOUT_MS,
      )
      t.ok(near(pixel(small!, 3, 12), [255, 0, 0]), `${orientation}: red left when resized`)
    }
  })

  t.test('cuts regions out of the upright image', async (t) => {
    const bytes = await scene().png().toBuffer()
    const header = await readHeader(bytes, MAX_PIXELS)
    const region = { xMin: 20, yMin: 5, xMax: 40, yMax: 20 }
    const [image] = await decode(bytes, header, [{ ...ALL, region }], TIMEOUT_MS)
    t.match(image, { width: 20, height: 15, transform: { scaleX: 1, offsetX: 20, offsetY: 5 } })
    t.ok(near(pixel(image!, 0, 0), [0, 0, 255]))
  })

  t.test('crops and pads to a size', async (t) => {
    const bytes = await scene().png().toBuffer()
    const header = await readHeader(bytes, MAX_PIXELS)
    const size = { width: 20, height: 20 }
    const [crop, pad] = await decode(
      bytes,
      header,
      [
        { ...ALL, size, fit: 'crop' },
        { ...ALL, size, fit: 'pad' },
      ],
      TIMEOUT_MS,
    )
    t.match(crop, { width: 20, height: 20, transform: { scaleX: 1, offsetX: 10, offsetY: 0 } })
    t.match(pad, { width: 20, height: 20, transform: { scaleX: 2, offsetX: 0, offsetY: -10 } })
    t.strictSame(pixel(pad!, 10, 1), [0, 0, 0], 'the border is black')
  })

  t.test('pads with a colour, around the picture or after it', async (t) => {
    // Transparent, so that the border is told from what shows through.
    const bytes = await scene().ensureAlpha(0).png().toBuffer()
    const header = await readHeader(bytes, MAX_PIXELS)
    const fill = [114, 115, 116] as const
    const wide = { ...ALL, size: { width: 20, height: 20 }, fit: 'pad', fill } as const
    const tall = { ...wide, size: { width: 60, height: 20 } }
    const views: View[] = [wide, { ...wide, align: 'top-left' }, { ...tall, align: 'top-left' }]
    const [centre, top, left] = await decode(bytes, header, views, TIMEOUT_MS)
    for (const y of [0, 4, 15, 19]) t.strictSame(pixel(centre!, 10, y), [...fill], `row ${y}`)
    t.strictSame(pixel(centre!, 10, 10), [255, 255, 255])
    t.match(centre!.transform, { scaleX: 2, scaleY: 2, offsetX: 0, offsetY: -10 })
    t.strictSame(pixel(top!, 10, 0), [255, 255, 255])
    t.strictSame(pixel(top!, 10, 10), [...fill])
    t.match(top!.transform, { scaleX: 2, scaleY: 2, offsetX: 0, offsetY: 0 })
    t.strictSame(pixel(left!, 39, 10), [255, 255, 255])
    t.strictSame(pixel(left!, 40, 10), [...fill])
    t.match(left!.transform, { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 })
  })
})

t.test('readHeader()', async (t) => {
  t.test('refuses a canvas that is too large before decoding it', async (t) => {
    const bytes = await scene().png().toBuffer()
    await t.rejects(readHeader(bytes, 799), {
      code: 'too_many_pixels',
      message: /40 x 20 = 800 .*799 \(MAX_IMAGE_PIXELS\)/,
    })
    await t.resolves(readHeader(bytes, 800))
  })
})

t.test('damaged files', async (t) => {
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const) {
    const whole = await scene().resize(400, 200).toFormat(format).toBuffer()
    const cut = whole.subarray(0, Math.floor(whole.length / 2))
    await t.rejects(open(cut), { code: 'image_undecodable', statusCode: 422 }, format)
  }
})

t.test('encodeForModel()', async (t) => {
  const encode = async (bytes: Buffer, maxSide = 0) => {
    const header = await readHeader(bytes, MAX_PIXELS)
    return { header, encoded: await encodeForModel(bytes, header, maxSide, TIMEOUT_MS) }
  }
  for (const bytes of [await scene().jpeg().toBuffer(), await scene().png().toBuffer()]) {
    const { encoded } = await encode(bytes)
    t.equal(encoded.bytes, bytes, 'an upright 8-bit RGB picture passes untouched')
  }
  const changed: [string, Buffer, number][] = [
    ['turned', await scene().withMetadata({ orientation: 6 }).jpeg().toBuffer(), 0],
    ['webp', await scene().webp().toBuffer(), 0],
    ['alpha', await scene().ensureAlpha().png().toBuffer(), 0],
    ['grey', await scene().toColourspace('b-w').jpeg().toBuffer(), 0],
    ['too large', await scene().jpeg().toBuffer(), 30],
  ]
  for (const [name, bytes, maxSide] of changed) {
    const { header, encoded } = await encode(bytes, maxSide)
    const metadata = await sharp(encoded.bytes).metadata()
    t.match(
      metadata,
      { format: 'jpeg', width: encoded.width, height: encoded.height, channels: 3 },
      name,
    )
    t.equal(metadata.orientation ?? 1, 1, name)
    t.equal(encoded.width, maxSide === 0 ? header.width : maxSide, name)
  }
})

t.test('decodePicture()', async (t) => {
  const bytes = await scene().withMetadata({ orientation: 6 }).jpeg().toBuffer()
  const header = await readHeader(bytes, MAX_PIXELS)
  t.match(await decodePicture(bytes, header, 0, TIMEOUT_MS), { width: 20, height: 40 })
  t.match(await decodePicture(bytes, header, 10, TIMEOUT_MS), { width: 5, height: 10 })
})

t.test('viewOfPicture()', async (t) => {
  const photo = () => sharp('test/fixtures/chelsea.jpg').resize(450, 300)
  const square = { width: 100, height: 100 }

  t.test('gives the pixels that decoding the upload gives', async (t) => {
    const uploads = {
      jpeg: await photo().jpeg().toBuffer(),
      'jpeg with a colour profile': await photo().withIccProfile('p3').jpeg().toBuffer(),
      'progressive jpeg': await photo().jpeg({ progressive: true }).toBuffer(),
      png: await photo().png().toBuffer(),
      'png with a colour profile': await photo().withIccProfile('p3').png().toBuffer(),
      'palette png': await photo().png({ palette: true }).toBuffer(),
    }
    const views: View[] = [
      ...[0, 449, 300, 225, 224, 177, 151].map((maxSide) => ({ ...ALL, maxSide })),
      { ...ALL, maxSide: 200, kernel: 'cubic' },
      { ...ALL, size: { width: 160, height: 120 } },
      { ...ALL, size: square, fit: 'pad' },
      { ...ALL, size: { width: 200, height: 200 }, fit: 'crop' },
    ]
    for (const [name, upload] of Object.entries(uploads)) {
      const header = await readHeader(upload, MAX_PIXELS)
      const picture = await decodePicture(upload, header, 0, TIMEOUT_MS)
      const [direct, made] = [
        await decode(upload, header, views, TIMEOUT_MS),
        await Promise.all(views.map((view) => viewOfPicture(picture, header, view))),
      ]
      for (const [index, view] of views.entries()) {
        const what = `${name}, ${JSON.stringify(view)}`
        if (!isMadeOfPicture(header, view)) {
          t.equal(view.fit, 'pad', `${what} is decoded by itself`)
          continue
        }
        t.equal(Buffer.compare(made[index]!.pixels, direct[index]!.pixels), 0, what)
        t.strictSame(made[index]!.transform, direct[index]!.transform, what)
      }
    }
  })

  t.test('is not for what the decoder turns or shrinks by itself', async (t) => {
    const cases: [string, Buffer, View][] = [
      ['turned', await photo().withMetadata({ orientation: 6 }).jpeg().toBuffer(), ALL],
      ['grey', await photo().toColourspace('b-w').jpeg().toBuffer(), ALL],
      ['webp', await photo().webp().toBuffer(), ALL],
      ['a third', await photo().jpeg().toBuffer(), { ...ALL, maxSide: 150 }],
    ]
    for (const [name, upload, view] of cases) {
      t.notOk(isMadeOfPicture(await readHeader(upload, MAX_PIXELS), view), name)
    }
  })
})
