import t from 'tap'
import { crc32c, maskCrc, maskedCrc32c } from '../../../src/export/crc32c.js'

t.test('checksums are those of RFC 3720, appendix B.4', async (t) => {
  const rows: readonly [string, Uint8Array, number][] = [
    ['nothing', new Uint8Array(), 0],
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(255), 0x62a8ab43],
    ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['31 to 0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    ['digits', Buffer.from('123456789'), 0xe3069283],
  ]
  for (const [name, bytes, expected] of rows) t.equal(crc32c(bytes), expected, name)
})

t.test('a checksum is continued over pieces of any length', async (t) => {
  const bytes = Uint8Array.from({ length: 100 }, (_, i) => (i * 37) & 255)
  for (let cut = 0; cut <= bytes.length; cut++) {
    const first = crc32c(bytes.subarray(0, cut))
    t.equal(crc32c(bytes.subarray(cut), first), crc32c(bytes), `cut at ${cut}`)
  }
})

t.test('masking rotates and adds', async (t) => {
  t.equal(maskCrc(0), 0xa282ead8)
  t.equal(maskCrc(0xe3069283), 0xc78ab0e5)
  t.equal(maskedCrc32c(Buffer.from('123456789')), maskCrc(0xe3069283))
})
