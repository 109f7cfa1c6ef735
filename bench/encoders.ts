/**
 * Compares ways to encode a picture by the CPU time that they use, of all threads.
 *
 * Usage: npx tsx bench/encoders.ts PHOTO...
 *
 * Each photo is brought to 2 megapixels; tables show medians.
 */
import { CompressionType, FilterType, Transformer } from '@napi-rs/image'
import sharp from 'sharp'
import { encodePicture } from '../src/imaging/encode.js'
import type { RgbImage } from '../src/imaging/geometry.js'
import { markdownTable } from './report/markdown.js'
import { digits, median } from './statistics.js'

const ROUNDS = 9
const WIDTH = 1632
const HEIGHT = 1224

type Encode = (picture: RgbImage) => Promise<Buffer>

const raw = ({ width, height, pixels }: RgbImage) =>
  sharp(pixels, { raw: { width, height, channels: 3 } })

const ppm = ({ width, height, pixels }: RgbImage) =>
  new Transformer(Buffer.concat([Buffer.from(`P6 ${width} ${height} 255\n`), pixels]))

const fast = (filterType: FilterType) => (picture: RgbImage) =>
  ppm(picture).png({ compressionType: CompressionType.Fast, filterType })

const ENCODERS: readonly [string, Encode][] = [
  ['gateway, png', (picture) => encodePicture(picture, { format: 'png', quality: 85 })],
  ['gateway, jpeg', (picture) => encodePicture(picture, { format: 'jpeg', quality: 85 })],
  ['gateway, webp', (picture) => encodePicture(picture, { format: 'webp', quality: 85 })],
  ['png, fast, Up', fast(FilterType.Up)],
  ['png, fast, Average', fast(FilterType.Avg)],
  ['png, fast, Paeth', fast(FilterType.Paeth)],
  ['png, libvips, level 1', (it) => raw(it).png({ compressionLevel: 1 }).toBuffer()],
  [
    'png, libvips, level 2, all filters',
    (it) => raw(it).png({ compressionLevel: 2, adaptiveFiltering: true }).toBuffer(),
  ],
  ['png, libvips, level 6', (it) => raw(it).png().toBuffer()],
  ['jpeg, 4:2:0, optimised', (it) => raw(it).jpeg({ quality: 85 }).toBuffer()],
  ['webp, effort 0', (it) => raw(it).webp({ quality: 85, effort: 0 }).toBuffer()],
  ['webp, effort 4', (it) => raw(it).webp({ quality: 85 }).toBuffer()],
]

async function cpuMs(encode: Encode, picture: RgbImage): Promise<{ ms: number; bytes: number }> {
  const before = process.cpuUsage()
  const { length } = await encode(picture)
  const { user, system } = process.cpuUsage(before)
  return { ms: (user + system) / 1000, bytes: length }
}

const photos = process.argv.slice(2)
if (photos.length === 0) throw new Error('usage: npx tsx bench/encoders.ts PHOTO...')
for (const photo of photos) {
  const { data, info } = await sharp(photo)
    .resize(WIDTH, HEIGHT, { fit: 'cover' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const picture = { width: info.width, height: info.height, pixels: data }
  const rows: string[][] = []
  for (const [name, encode] of ENCODERS) {
    await encode(picture)
    const samples: { ms: number; bytes: number }[] = []
    for (let round = 0; round < ROUNDS; round++) samples.push(await cpuMs(encode, picture))
    const kilobytes = samples[0]!.bytes / 1000
    rows.push([name, digits(median(samples.map(({ ms }) => ms))), digits(kilobytes)])
  }
  console.log(markdownTable({ title: photo, columns: ['encoder', 'CPU ms', 'kB'], rows }))
}
