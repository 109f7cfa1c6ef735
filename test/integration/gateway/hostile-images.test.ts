import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import t from 'tap'
import { photo, start, untilGauge } from './harness.js'
import { manyScans } from './hostile-jpeg.js'

type Format = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif'

const FORMATS: readonly Format[] = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif']

/** What each status may say of a picture. */
const CODES: Readonly<Record<number, readonly string[]>> = {
  413: ['image_too_large'],
  415: ['unsupported_media_type'],
  422: ['image_undecodable', 'too_many_pixels'],
}

const MEGAPIXELS = 1_000_000

const { url } = await start(t, {
  env: {
    MAX_IMAGE_PIXELS: `${4 * MEGAPIXELS}`,
    MAX_IMAGE_BYTES: '200000',
    SLOTS: '2',
    QUEUE_LENGTH: '99',
  },
})

async function answerTo(bytes: Buffer, query = ''): Promise<{ status: number; code?: string }> {
  const body = new Uint8Array(bytes)
  const headers = { 'content-type': 'application/octet-stream' }
  const answer = await fetch(`${url}/v1/detect${query}`, { method: 'POST', body, headers })
  const { status } = answer
  if (status !== 200) return { status, code: ((await answer.json()) as { code: string }).code }
  await answer.arrayBuffer()
  return { status }
}

/** Numbers that look random and are the same each time. */
function generator(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

function flipped(bytes: Buffer, random: (limit: number) => number, flips: number): Buffer {
  const damaged = Buffer.from(bytes)
  for (let i = 0; i < flips; i++) damaged[random(damaged.length)]! ^= 1 << random(8)
  return damaged
}

const source = sharp(await photo('coffee')).resize(60, 40)
const originals = new Map<Format, Buffer>()
for (const format of FORMATS)
  originals.set(format, await source.clone().toFormat(format).toBuffer())

/** A picture that is damaged in many ways: cut off, with bits flipped, with a head or a tail of another. */
function damagedOnes(format: Format): Buffer[] {
  const bytes = originals.get(format)!
  const random = generator(format.length * 7919)
  const cuts = [12, 30, 64, 0.25, 0.5, 0.9, 0.99].map((it) =>
    bytes.subarray(0, it < 1 ? Math.floor(bytes.length * it) : it),
  )
  const inHead = Array.from({ length: 24 }, () =>
    Buffer.concat([flipped(bytes.subarray(0, 200), random, 3), bytes.subarray(200)]),
  )
  const anywhere = Array.from({ length: 12 }, () => flipped(bytes, random, 8))
  const others = FORMATS.filter((it) => it !== format).map((it) =>
    Buffer.concat([bytes.subarray(0, 32), originals.get(it)!.subarray(32)]),
  )
  return [...cuts, ...inHead, ...anywhere, ...others, Buffer.concat([bytes, bytes])]
}

async function isWell(): Promise<void> {
  const gauges = ['requests_admitted', 'slots_in_use', 'slots_waiting']
  const bytes = ['upload_bytes_reserved', 'decoder_bytes_reserved', 'call_bytes_reserved']
  for (const name of [...gauges, ...bytes]) await untilGauge(url, name, 0)
}

t.test('damaged pictures get an answer each, and hold nothing', async (t) => {
  for (const format of FORMATS) {
    t.equal((await answerTo(originals.get(format)!)).status, 200, `the ${format} itself`)
    const answers = await Promise.all(damagedOnes(format).map((it) => answerTo(it)))
    const wrong = answers.filter(
      ({ status, code = '' }) => status !== 200 && !CODES[status]?.includes(code),
    )
    t.strictSame(wrong, [], format)
    t.ok(
      answers.some(({ status }) => status === 422),
      `some of ${format} cannot be decoded`,
    )
    await isWell()
  }
})

t.test('the same damage is found when a picture is asked for', async (t) => {
  for (const format of FORMATS) {
    const [, , , quarter] = damagedOnes(format)
    const { status, code } = await answerTo(quarter!, '?format=jpeg&picture_max_side=32')
    t.ok(status === 200 || CODES[status]?.includes(code ?? ''), `${format}: ${status} ${code}`)
  }
  await isWell()
})

t.test(
  'pictures of more pixels than their bytes promise are refused by their header',
  async (t) => {
    const [width, height] = [2400, 2000]
    const canvas = sharp({ create: { width, height, channels: 3, background: '#357' } })
    for (const format of FORMATS) {
      const bomb = await canvas
        .clone()
        .toFormat(format, format === 'avif' ? { effort: 0 } : {})
        .toBuffer()
      t.ok(bomb.length < 200_000, `${format}: ${bomb.length} bytes for ${width * height} pixels`)
      t.strictSame(await answerTo(bomb), { status: 422, code: 'too_many_pixels' }, format)
    }
    await isWell()
  },
)

t.test('headers that lie about the size', async (t) => {
  const png = Buffer.from(originals.get('png')!)
  png.writeUInt32BE(0x7fffffff, 16)
  const jpeg = Buffer.from(originals.get('jpeg')!)
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  jpeg.writeUInt16BE(65_500, frame + 5)
  jpeg.writeUInt16BE(65_500, frame + 7)
  const tall = Buffer.from(originals.get('jpeg')!)
  tall.writeUInt16BE(60_000, frame + 5)
  t.strictSame(await answerTo(jpeg), { status: 422, code: 'too_many_pixels' })
  t.strictSame(await answerTo(png), { status: 422, code: 'image_undecodable' })
  const row = { width: 70_000, height: 1, channels: 3, background: '#357' } as const
  for (const create of [row, { ...row, width: 1, height: 70_000 }]) {
    const line = await sharp({ create }).png().toBuffer()
    t.strictSame(await answerTo(line), { status: 422, code: 'too_many_pixels' })
  }
  // A GIF has the size of its frame, whatever its screen has; a JPEG may end early, as far as libjpeg is concerned.
  const gif = Buffer.from(originals.get('gif')!)
  gif.writeUInt16LE(65_535, 6)
  gif.writeUInt16LE(65_535, 8)
  const longer = Buffer.from(originals.get('jpeg')!)
  longer.writeUInt16BE(1500, frame + 5)
  for (const [name, bytes] of Object.entries({ gif, longer, tall })) {
    const { status, code = '' } = await answerTo(bytes)
    t.ok(status === 200 || CODES[status]?.includes(code), `${name}: ${status} ${code}`)
  }
  await isWell()
})

t.test('text that is compressed a thousand times is never unpacked', async (t) => {
  const png = originals.get('png')!
  const content = Buffer.concat([Buffer.from('k\0\0', 'latin1'), deflateSync(Buffer.alloc(2e7))])
  const chunk = Buffer.alloc(12 + content.length)
  chunk.writeUInt32BE(content.length, 0)
  chunk.write('zTXt', 4, 'latin1')
  content.copy(chunk, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + content.length)), 8 + content.length)
  // Unpacked these are 160 MB; libvips took as much to read the header.
  const bomb = Buffer.concat([png.subarray(0, 33), ...Array(8).fill(chunk), png.subarray(33)])
  const before = process.resourceUsage().maxRSS
  t.strictSame(await answerTo(bomb), { status: 200 })
  t.ok(process.resourceUsage().maxRSS - before < 100_000, 'kilobytes more than before')
  await isWell()
})

t.test('pictures that are slow to decode are answered', async (t) => {
  t.strictSame(await answerTo(manyScans(2000)), { status: 200 })
  t.strictSame(await answerTo(manyScans(3000)), { status: 422, code: 'too_many_pixels' })
  await isWell()
})

t.test('what is no picture', async (t) => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
  const random = generator(1)
  const cases = {
    svg,
    pdf: Buffer.from('%PDF-1.7\n'),
    heic: Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
    bmp: Buffer.concat([Buffer.from('BM'), Buffer.alloc(100)]),
    text: Buffer.from('hello'),
    noise: Buffer.from(Array.from({ length: 1000 }, () => random(256))),
    zeros: Buffer.alloc(1000),
  }
  for (const [name, bytes] of Object.entries(cases)) {
    t.strictSame(await answerTo(bytes), { status: 415, code: 'unsupported_media_type' }, name)
  }
  const large = Buffer.concat([originals.get('jpeg')!, Buffer.alloc(200_000)])
  t.strictSame(await answerTo(large), { status: 413, code: 'image_too_large' })
  await isWell()
})
