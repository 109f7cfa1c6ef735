import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import t from 'tap'
import { toEssence } from '../../../src/imaging/essence.js'

const pixels = Buffer.from(Array.from({ length: 20 * 10 * 3 }, (_, i) => (i * 37) % 256))
const picture = () => sharp(pixels, { raw: { width: 20, height: 10, channels: 3 } })

function pngChunk(name: string, content: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + content.length)
  chunk.writeUInt32BE(content.length, 0)
  chunk.write(name, 4, 'latin1')
  content.copy(chunk, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + content.length)), 8 + content.length)
  return chunk
}

function webpChunk(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(name, 'latin1')
  head.writeUInt32LE(content.length, 4)
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)])
}

async function decoded(bytes: Buffer) {
  const { data, info } = await sharp(bytes, { failOn: 'error' }).raw().toBuffer({
    resolveWithObject: true,
  })
  return { data: data.toString('hex'), width: info.width, height: info.height }
}

t.test('toEssence() leaves pictures what they are', async (t) => {
  const files = {
    jpeg: await picture().jpeg().toBuffer(),
    png: await picture()
      .withExif({ IFD0: { Orientation: '6' } })
      .png()
      .toBuffer(),
    palette: await picture().png({ palette: true }).toBuffer(),
    webp: await picture().withMetadata({ orientation: 6 }).webp({ lossless: true }).toBuffer(),
    alpha: await picture().ensureAlpha(0.5).webp().toBuffer(),
    gif: await picture().gif().toBuffer(),
    tiff: await picture().tiff().toBuffer(),
    avif: await picture().avif({ effort: 0 }).toBuffer(),
  }
  for (const [name, bytes] of Object.entries(files)) {
    const before = await decoded(bytes)
    const { orientation, pages } = await sharp(bytes).metadata()
    const once = toEssence(Buffer.from(bytes))
    t.strictSame(await decoded(once), before, name)
    t.match(await sharp(once).metadata(), { orientation, pages }, `${name}: its header`)
    const twice = toEssence(toEssence(Buffer.from(bytes)))
    t.ok(twice.equals(once), `${name}: again`)
  }
})

t.test('toEssence() drops text of a PNG, and what comes twice', async (t) => {
  const png = await picture().png().toBuffer()
  const bomb = pngChunk(
    'zTXt',
    Buffer.concat([Buffer.from('k\0\0', 'latin1'), deflateSync(Buffer.alloc(1_000_000))]),
  )
  const gamma = pngChunk('gAMA', Buffer.from([0, 0, 0xb1, 0x8f]))
  const more = [bomb, gamma, gamma, pngChunk('IDAT', Buffer.alloc(0)), bomb]
  const file = Buffer.concat([png.subarray(0, 33), ...more, png.subarray(33), bomb])
  const essence = toEssence(file)
  t.notOk(essence.includes('zTXt'))
  t.equal(essence.length, png.length + gamma.length)
  t.strictSame(await decoded(essence), await decoded(png))
})

t.test('toEssence() keeps the first frame or page', async (t) => {
  const still = (await picture().webp({ lossless: true }).toBuffer()).subarray(12)
  const frame = webpChunk(
    'ANMF',
    Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 19, 0, 0, 9, 0, 0, 10, 0, 0, 0]), still]),
  )
  const content = Buffer.concat([
    webpChunk('VP8X', Buffer.from([2, 0, 0, 0, 19, 0, 0, 9, 0, 0])),
    webpChunk('ANIM', Buffer.alloc(6)),
    ...Array<Buffer>(50).fill(frame),
    webpChunk('junk', Buffer.alloc(9)),
  ])
  const riff = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  riff.writeUInt32LE(content.length + 4, 4)
  const webp = Buffer.concat([riff, content])

  const gif = await picture().gif().toBuffer()
  const start = gif.indexOf(0x2c, 13 + 3 * 2 ** ((gif[10]! & 7) + 1))
  const image = gif.subarray(start, -1)
  const gifs = Buffer.concat([
    gif.subarray(0, -1),
    ...Array<Buffer>(50).fill(image),
    Buffer.from(';'),
  ])

  const tiff = await picture().tiff().toBuffer()
  const directory = tiff.readUInt32LE(4)
  const next = directory + 2 + tiff.readUInt16LE(directory) * 12
  const copy = Buffer.concat([tiff, tiff.subarray(directory)])
  copy.writeUInt32LE(tiff.length, next)

  for (const [name, bytes] of Object.entries({ webp, gifs, copy })) {
    t.not((await sharp(bytes).metadata()).pages ?? 1, 1, `${name} has many`)
    const first = await decoded(Buffer.from(bytes))
    const essence = toEssence(Buffer.from(bytes))
    t.equal((await sharp(essence).metadata()).pages ?? 1, 1, name)
    t.strictSame(await decoded(essence), first, name)
  }
})

t.test('toEssence() leaves what is damaged to the decoder', async (t) => {
  const png = await picture().png().toBuffer()
  const webp = await picture().webp().toBuffer()
  const gif = await picture().gif().toBuffer()
  const tiff = await picture().tiff().toBuffer()
  for (const bytes of [png, webp, gif, tiff]) {
    for (let length = 0; length < bytes.length; length += 7) {
      t.ok(toEssence(Buffer.from(bytes.subarray(0, length))).length <= length)
    }
  }
  t.ok(toEssence(png.subarray(0, 60)).equals(png.subarray(0, 60)), 'cut off')
})

t.test('toEssence() refuses what consists of very many chunks', async (t) => {
  const png = await picture().png().toBuffer()
  const text = pngChunk('tEXt', Buffer.from('k\0v', 'latin1'))
  const many = Buffer.concat([png.subarray(0, 33), ...Array<Buffer>(50_001).fill(text)])
  t.throws(() => toEssence(many), { code: 'image_undecodable', message: /png .* 50000 chunks/ })
})
