import sharp from 'sharp'
import t from 'tap'
import { IMAGE_FORMATS, requireFormat, sniffFormat } from '../../../src/imaging/sniff.js'

const blank = sharp({ create: { width: 4, height: 4, channels: 3, background: '#808080' } })

/** An ISO base media file header with a major and compatible brands. */
function ftyp(...brands: string[]): Buffer {
  const box = Buffer.alloc(16 + 4 * (brands.length - 1))
  box.writeUInt32BE(box.length, 0)
  box.write(`ftyp${brands[0]}\0\0\0\0${brands.slice(1).join('')}`, 4, 'latin1')
  return box
}

t.test('sniffFormat()', async (t) => {
  for (const format of IMAGE_FORMATS) {
    t.equal(sniffFormat(await blank.clone().toFormat(format).toBuffer()), format, format)
  }
  t.equal(sniffFormat(Buffer.alloc(0)), null, 'nothing')
  t.equal(sniffFormat(Buffer.from('RIFF....WAVE')), null, 'a RIFF file that is no WebP')
  t.equal(sniffFormat(ftyp('mif1', 'avif')), 'avif', 'AVIF by a compatible brand')
})

t.test('requireFormat()', async (t) => {
  const cases: [string, Buffer, RegExp][] = [
    [
      'svg',
      Buffer.from('  <svg xmlns="http://www.w3.org/2000/svg"/>'),
      /SVG drawing.*rsvg-convert/,
    ],
    [
      'svg after an XML head',
      Buffer.from('<?xml version="1.0"?>\n<!-- x --><svg/>'),
      /SVG drawing/,
    ],
    ['pdf', Buffer.from('%PDF-1.7'), /PDF document.*pdftoppm/],
    ['bmp', Buffer.from('BM\0\0\0\0'), /BMP picture/],
    ['heic', ftyp('heic', 'mif1'), /HEIC picture.*heif-convert/],
    ['jpeg 2000', Buffer.from('\0\0\0\x0cjP  \r\n', 'latin1'), /JPEG 2000/],
    ['jpeg xl', Buffer.from([0xff, 0x0a, 0, 0]), /JPEG XL/],
    ['mp4', ftyp('isom', 'mp41'), /MPEG-4 video.*ffmpeg/],
    ['html', Buffer.from('<!DOCTYPE html><p>'), /HTML page/],
    ['json', Buffer.from('{"image":1}'), /JSON text/],
    ['text', Buffer.from('hello'), /no picture format/],
  ]
  for (const [name, bytes, message] of cases) {
    t.throws(
      () => requireFormat(bytes),
      { code: 'unsupported_media_type', statusCode: 415, message },
      name,
    )
    t.throws(() => requireFormat(bytes), { message: /expected one of jpeg, png, webp/ }, name)
  }
})
