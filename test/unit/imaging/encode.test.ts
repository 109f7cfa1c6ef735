import sharp from 'sharp'
import t from 'tap'
import { encodePicture, FAST_PNG_PIXELS } from '../../../src/imaging/encode.js'
import type { RgbImage } from '../../../src/imaging/geometry.js'

function gradient(width: number, height: number): RgbImage {
  const pixels = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) pixels.set([x, y, (x * y) >> 4], (y * width + x) * 3)
  }
  return { width, height, pixels }
}

t.test('encodePicture()', async (t) => {
  t.test('writes PNG that decodes to the same pixels', async (t) => {
    for (const [width, height] of [
      [1, 1],
      [1, 9],
      [3, 2],
      [251, 130],
      [900, 700],
    ] as const) {
      const picture = gradient(width, height)
      const png = await encodePicture(picture, { format: 'png', quality: 85 })
      const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
      t.strictSame([info.width, info.height, info.channels], [width, height, 3])
      t.equal(Buffer.compare(data, picture.pixels), 0, `${width}x${height}`)
    }
  })

  t.test('writes each format with its own signature and size', async (t) => {
    for (const format of ['png', 'jpeg', 'webp'] as const) {
      const encoded = await encodePicture(gradient(120, 80), { format, quality: 85 })
      const metadata = await sharp(encoded).metadata()
      t.match(metadata, { format, width: 120, height: 80 }, format)
    }
  })

  t.test('keeps the colour resolution of JPEG', async (t) => {
    const jpeg = await encodePicture(gradient(64, 64), { format: 'jpeg', quality: 85 })
    t.equal((await sharp(jpeg).metadata()).chromaSubsampling, '4:4:4')
  })

  t.test('makes smaller files at lower quality', async (t) => {
    for (const format of ['jpeg', 'webp'] as const) {
      const high = await encodePicture(gradient(300, 200), { format, quality: 95 })
      const low = await encodePicture(gradient(300, 200), { format, quality: 30 })
      t.ok(low.length < high.length, format)
    }
  })

  t.test('refuses a picture that the format cannot hold', async (t) => {
    const picture = { width: 16_384, height: 1, pixels: new Uint8Array(16_384 * 3) }
    await t.rejects(encodePicture(picture, { format: 'webp', quality: 85 }), {
      code: 'invalid_parameter',
    })
    await t.resolves(encodePicture(picture, { format: 'png', quality: 85 }))
  })
})

t.test('PNG of more pixels than are encoded for speed', async (t) => {
  const side = Math.ceil(Math.sqrt(FAST_PNG_PIXELS)) + 1
  const picture = { width: side, height: side, pixels: new Uint8Array(side * side * 3).fill(7) }
  const png = await encodePicture(picture, { format: 'png', quality: 85 })
  t.match(await sharp(png).metadata(), { format: 'png', width: side, height: side, channels: 3 })
})
