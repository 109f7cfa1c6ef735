const scratch = new DataView(new ArrayBuffer(4))

/** Widens the 16 bits of an IEEE 754 half to a number. */
export function fromHalfBits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** Rounds a number to the nearest IEEE 754 half, ties to even, and gives its 16 bits. */
export function toHalfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const magnitude = Math.abs(value)
  if (magnitude >= 65520) return sign | 0x7c00
  // Subnormal halves step by 2^-24, like the lowest binade above them.
  const exponent = Math.max(Math.floor(Math.log2(magnitude || 1e-9)), -14)
  const steps = roundToEven(magnitude / 2 ** (exponent - 10))
  return sign | (steps + ((exponent + 14) << 10))
}

/** Widens the 16 bits of a bfloat16 (the upper half of a float32) to a number. */
export function fromBfloat16Bits(bits: number): number {
  scratch.setUint32(0, (bits & 0xffff) << 16)
  return scratch.getFloat32(0)
}

/** Rounds a number to the nearest bfloat16, ties to even, and gives its 16 bits. */
export function toBfloat16Bits(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0
  scratch.setFloat32(0, value)
  const bits = scratch.getUint32(0)
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16
}

function roundToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
