/** Rounds to `digits` decimals: more would be noise of 32-bit floats. */
export function round(value: number, digits: number): number {
  const factor = 10 ** digits
  return Math.round(value * factor) / factor
}
