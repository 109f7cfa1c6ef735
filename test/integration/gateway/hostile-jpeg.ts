/** Writes a segment of a JPEG: marker, length, content. */
function segment(marker: number, content: readonly number[]): Buffer {
  const length = content.length + 2
  return Buffer.from([0xff, marker, length >> 8, length & 0xff, ...content])
}

/** Packs numbers of so many bits, most significant first, stuffed as JPEG wants it. */
function packBits(parts: readonly (readonly [value: number, bits: number])[]): Buffer {
  const bits = parts.map(([value, count]) => value.toString(2).padStart(count, '0')).join('')
  const bytes: number[] = []
  for (let at = 0; at < bits.length; at += 8) {
    const byte = Number.parseInt(bits.slice(at, at + 8).padEnd(8, '1'), 2)
    bytes.push(byte)
    if (byte === 0xff) bytes.push(0)
  }
  return Buffer.from(bytes)
}

/**
 * A grey square as a valid progressive JPEG that refines nothing in `scans` scans: libjpeg walks through all blocks for
 * each of them, in one go that libvips cannot stop, for a file of a few kilobytes.
 */
export function manyScans(side: number, scans = 43): Buffer {
  const blocks = Math.ceil(side / 8) ** 2
  const size = [side >> 8, side & 0xff]
  const components = [1, 2, 3].flatMap((id) => [id, 0x11, 0])
  // One code of one bit each: "no difference" for the averages, "nothing in the next 2^14 blocks and more" for the rest.
  const table = (kind: number, symbol: number) => [kind, 1, ...Array(15).fill(0), symbol]
  const averages = Buffer.alloc(Math.ceil((blocks * 3) / 8))
  const nothing: [number, number][] = []
  for (let left = blocks; left > 0; left -= 32_767) {
    nothing.push([0, 1], [Math.max(0, Math.min(left, 32_767) - 16_384), 14])
  }
  const empty = packBits(nothing)
  const scan = (ids: readonly number[], from: number, to: number, high: number, low: number) =>
    segment(0xda, [ids.length, ...ids.flatMap((id) => [id, 0]), from, to, (high << 4) | low])
  const parts = [
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, [0, ...Array(64).fill(1)]),
    segment(0xc2, [8, ...size, ...size, 3, ...components]),
    segment(0xc4, table(0x00, 0)),
    segment(0xc4, table(0x10, 0xe0)),
    scan([1, 2, 3], 0, 0, 0, 0),
    averages,
  ]
  for (let count = 1; count < Math.min(scans, 43); count++) {
    const low = 13 - Math.floor((count - 1) / 3)
    parts.push(scan([1 + ((count - 1) % 3)], 1, 63, low === 13 ? 0 : low + 1, low), empty)
  }
  return Buffer.concat([...parts, Buffer.from([0xff, 0xd9])])
}
