import sharp from 'sharp'

/** A filled rectangle in pixels, right and bottom not included. */
export interface Rectangle {
  readonly label: 'red' | 'green' | 'blue'
  readonly box: readonly [xMin: number, yMin: number, xMax: number, yMax: number]
}

/** What a picture is drawn of. */
export interface Scene {
  readonly width: number
  readonly height: number
  readonly rectangles: readonly Rectangle[]
}

const COLOURS = { red: '#ff0000', green: '#00ff00', blue: '#0000ff' }

/** Draws rectangles on grey, as a PNG: what goes in is what a decoder gets out. */
export function draw({ width, height, rectangles }: Scene): Promise<Buffer> {
  const layers = rectangles.map(({ label, box: [left, top, right, bottom] }) => ({
    input: {
      create: {
        width: right - left,
        height: bottom - top,
        channels: 3 as const,
        background: COLOURS[label],
      },
    },
    left,
    top,
  }))
  const background = '#808080'
  return sharp({ create: { width, height, channels: 3, background } })
    .composite(layers)
    .png()
    .toBuffer()
}

/** Scenes of several sizes, none of which the gateway makes smaller. */
export const SCENES: readonly [Scene, ...Scene[]] = [
  {
    width: 320,
    height: 240,
    rectangles: [
      { label: 'red', box: [40, 30, 120, 90] },
      { label: 'blue', box: [200, 100, 280, 220] },
    ],
  },
  { width: 320, height: 240, rectangles: [{ label: 'green', box: [0, 0, 33, 77] }] },
  { width: 101, height: 203, rectangles: [{ label: 'blue', box: [7, 9, 100, 11] }] },
  { width: 320, height: 240, rectangles: [] },
  { width: 320, height: 240, rectangles: [{ label: 'red', box: [300, 200, 320, 240] }] },
  { width: 320, height: 240, rectangles: [{ label: 'red', box: [1, 2, 3, 5] }] },
]
