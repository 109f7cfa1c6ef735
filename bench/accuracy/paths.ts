import sharp from 'sharp'

type Kernel = 'nearest' | 'linear' | 'cubic' | 'mitchell' | 'lanczos2' | 'lanczos3'

/** One way from a photo to the tensor. */
export interface DecodePath {
  readonly name: string
  /** The card's `input`. */
  readonly cardInput: Readonly<Record<string, unknown>>
  /** Longest side that is sent; photos no longer than that arrive as they are. */
  readonly maxSide?: number
  /**
   * What is done before the photo is uploaded, for what no card can ask for: the result is lossless, and the card sends
   * all of its pixels.
   */
  readonly prepare?: (photo: Buffer) => Promise<Buffer>
}

/** The path that the others are compared with: every pixel is sent. */
export const FULL: DecodePath = { name: 'all pixels', cardInput: { max_side: 0 } }

const KERNELS: readonly Kernel[] = [
  'nearest',
  'linear',
  'cubic',
  'mitchell',
  'lanczos2',
  'lanczos3',
]

interface Size {
  readonly width: number
  readonly height: number
}

function inside({ width, height }: Size, maxSide: number): Size {
  const factor = Math.min(1, maxSide / Math.max(width, height))
  return { width: Math.round(width * factor), height: Math.round(height * factor) }
}

/** Decodes all pixels before it resizes them: the decoder itself shrinks nothing. */
async function resizeAll(photo: Buffer, sizeOf: (photo: Size) => Size, linear = false) {
  const { data, info } = await sharp(photo).autoOrient().raw().toBuffer({ resolveWithObject: true })
  const { width, height } = sizeOf(info)
  const image = sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
  // Gamma 2.2 around the resize: averages light, not its code.
  if (linear) image.gamma(2.2)
  return image.resize(width, height, { fit: 'fill' }).png({ compressionLevel: 1 }).toBuffer()
}

function allDecoded(name: string, sizeOf: (photo: Size) => Size, linear = false) {
  const prepare = (photo: Buffer) => resizeAll(photo, sizeOf, linear)
  return { name, cardInput: { max_side: 0 }, prepare }
}

const squash = (): Size => ({ width: 300, height: 300 })

/** Every path that is scored, the one of all pixels first. */
export const PATHS: readonly DecodePath[] = [
  FULL,
  ...[1333, 1024, 800, 640, 512, 416, 320].map((side) => ({
    name: `${side}`,
    maxSide: side,
    cardInput: { max_side: side },
  })),
  ...[1024, 512].map((side) => ({
    name: `${side}, lanczos3`,
    maxSide: side,
    cardInput: { max_side: side, kernel: 'lanczos3' },
  })),
  ...KERNELS.filter((kernel) => kernel !== 'linear').map((kernel) => ({
    name: `640, ${kernel}`,
    maxSide: 640,
    cardInput: { max_side: 640, kernel },
  })),
  ...KERNELS.map((kernel) => ({
    name: `300x300, ${kernel}`,
    cardInput: { size: [300, 300], fit: 'stretch', kernel },
  })),
  { ...allDecoded('640, all decoded', (photo) => inside(photo, 640)), maxSide: 640 },
  allDecoded('300x300, all decoded', squash),
  { ...allDecoded('640, linear light', (photo) => inside(photo, 640), true), maxSide: 640 },
  allDecoded('300x300, linear light', squash, true),
]
