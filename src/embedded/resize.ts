/** Height and width in pixels that the network takes. */
export const NETWORK_SIZE = 300

/** How bytes become the network's numbers: `byte * multiplier - subtrahend`. */
export interface Scaling {
  readonly multiplier: number
  readonly subtrahend: number
}

/** For one output coordinate: the two input coordinates around it and the share of the upper one. */
interface Taps {
  readonly lower: Int32Array
  readonly upper: Int32Array
  readonly share: Float32Array
}

/**
 * Turns 8-bit RGB pixels `[height, width, 3]` into the network's float input `[300, 300, 3]`.
 *
 * The resize is that of TensorFlow's ResizeBilinear with align_corners and half_pixel_centers false: output row y reads
 * at y * height / 300, between two rows, without antialiasing. Exported to TensorFlow, the same network does the same, so
 * both servers see equal pixels. All arithmetic is rounded to float32, as it is there.
 */
export function toNetworkInput(
  pixels: Uint8Array,
  height: number,
  width: number,
  scaling: Scaling,
): Float32Array {
  const output =
    height === NETWORK_SIZE && width === NETWORK_SIZE
      ? new Float32Array(pixels)
      : resizeBilinear(pixels, height, width)
  const { multiplier, subtrahend } = scaling
  for (let i = 0; i < output.length; i++) {
    output[i] = Math.fround(output[i]! * multiplier) - subtrahend
  }
  return output
}

function resizeBilinear(pixels: Uint8Array, height: number, width: number): Float32Array {
  const output = new Float32Array(NETWORK_SIZE * NETWORK_SIZE * 3)
  const rows = taps(height, width * 3)
  const columns = taps(width, 3)
  for (let y = 0; y < NETWORK_SIZE; y++) {
    const row = output.subarray(y * NETWORK_SIZE * 3, (y + 1) * NETWORK_SIZE * 3)
    resizeRow(pixels, rows.lower[y]!, rows.upper[y]!, rows.share[y]!, columns, row)
  }
  return output
}

function resizeRow(
  pixels: Uint8Array,
  top: number,
  bottom: number,
  share: number,
  columns: Taps,
  row: Float32Array,
): void {
  for (let x = 0, at = 0; x < NETWORK_SIZE; x++) {
    const left = columns.lower[x]!
    const right = columns.upper[x]!
    const across = columns.share[x]!
    for (let channel = 0; channel < 3; channel++) {
      const topLeft = pixels[top + left + channel]!
      const bottomLeft = pixels[bottom + left + channel]!
      const above = topLeft + (pixels[top + right + channel]! - topLeft) * across
      const below = bottomLeft + (pixels[bottom + right + channel]! - bottomLeft) * across
      row[at++] = above + (below - above) * share
    }
  }
}

function taps(inputSize: number, stride: number): Taps {
  const scale = Math.fround(inputSize / NETWORK_SIZE)
  const lower = new Int32Array(NETWORK_SIZE)
  const upper = new Int32Array(NETWORK_SIZE)
  const share = new Float32Array(NETWORK_SIZE)
  for (let i = 0; i < NETWORK_SIZE; i++) {
    const position = Math.fround(i * scale)
    const index = Math.min(Math.floor(position), inputSize - 1)
    lower[i] = index * stride
    upper[i] = Math.min(index + 1, inputSize - 1) * stride
    share[i] = position - Math.floor(position)
  }
  return { lower, upper, share }
}
