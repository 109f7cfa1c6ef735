const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/** Widens IEEE 754 binary16 bits to a number. */
export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** Narrows a number to IEEE 754 binary16 bits, ties to even; what is too large becomes infinite. */
export function toHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const magnitude = Math.abs(value)
  // 65,520 lies halfway between the largest half and what would come next.
  if (magnitude >= 65520) return sign | 0x7c00
  if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24)
  const exponent = Math.floor(Math.log2(magnitude))
  // Rounding up to 2,048 carries into the exponent, as it should.
  const significand = roundToEven((magnitude / 2 ** exponent) * 1024)
  return sign | (((exponent + 15) << 10) + significand - 1024)
}

/** Widens bfloat16 bits, the upper half of a binary32. */
export function fromBfloat16(upper: number): number {
  bits[0] = upper << 16
  return float[0] ?? 0
}

/** Narrows a number to bfloat16 bits, ties to even. */
export function toBfloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0
  float[0] = value
  const word = bits[0] ?? 0
  return ((word + 0x7fff + ((word >>> 16) & 1)) >>> 16) & 0xffff
}

function roundToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest === 0.5) return floor + (floor & 1)
  return rest > 0.5 ? floor + 1 : floor
}
