import fc from 'fast-check'
import t from 'tap'
import { FrameMeter, type PieceKind } from '../../../../src/routes/stream/frame-meter.js'
import { piece } from '../../../integration/gateway/stream-client.js'

/** What a meter tells of bytes that come in pieces of these sizes. */
function measured(bytes: Buffer, sizes: readonly number[]): [PieceKind, number][] {
  const told: [PieceKind, number][] = []
  const meter = new FrameMeter((kind, length) => told.push([kind, length]))
  let at = 0
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!
    meter.push(bytes.subarray(at, at + size))
    at += size
  }
  return told
}

const KINDS = { text: 1, binary: 2, continuation: 0, control: 9 } as const

function frame(kind: PieceKind, length: number, masked: boolean): Buffer {
  return piece(KINDS[kind], Buffer.alloc(length, 0x85), { masked })
}

t.test('heads are read however the bytes are cut', async (t) => {
  const kind = fc.constantFrom<PieceKind>('text', 'binary', 'continuation')
  const length = fc.oneof(fc.nat(300), fc.constantFrom(125, 126, 127, 65_535, 65_536, 70_000))
  const data = fc.tuple(kind, length, fc.boolean())
  const control = fc.tuple(fc.constant<PieceKind>('control'), fc.nat(125), fc.boolean())
  fc.assert(
    fc.property(
      fc.array(fc.oneof(data, control), { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 5 }),
      (pieces, sizes) => {
        const bytes = Buffer.concat(pieces.map((it) => frame(...it)))
        const expected = pieces.map(([kind, length]) => [kind, length])
        t.strictSame(measured(bytes, sizes), expected)
      },
    ),
    { numRuns: 60 },
  )
  const bytes = frame('binary', 300, true)
  t.strictSame(measured(bytes, [1]), [['binary', 300]])
})

t.test('a length is told before any of its bytes', async (t) => {
  const head = Buffer.from([0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4])
  t.strictSame(measured(head.subarray(0, -1), [3]), [])
  t.strictSame(measured(head, [3]), [['binary', 2 ** 32]])
})
