import t from 'tap'
import { type Annotation, annotate } from '../../../src/imaging/annotate.js'
import type { PixelRect } from '../../../src/imaging/canvas.js'
import type { RgbImage } from '../../../src/imaging/geometry.js'
import { type Colour, colourOfClass, textColourOn } from '../../../src/imaging/palette.js'

const GREY = 119

function greyPicture(width: number, height: number): RgbImage {
  return { width, height, pixels: new Uint8Array(width * height * 3).fill(GREY) }
}

function annotation(
  box: readonly [number, number, number, number],
  rest: Partial<Annotation> = {},
): Annotation {
  const [xMin, yMin, xMax, yMax] = box
  return { box: { xMin, yMin, xMax, yMax }, label: 'dog', classId: 18, score: 0.89, ...rest }
}

function pixelAt({ width, pixels }: RgbImage, x: number, y: number): Colour {
  const [r, g, b] = pixels.subarray((y * width + x) * 3)
  return { r: r!, g: g!, b: b! }
}

function isColour(picture: RgbImage, x: number, y: number, { r, g, b }: Colour): boolean {
  const found = pixelAt(picture, x, y)
  return found.r === r && found.g === g && found.b === b
}

function countColour(picture: RgbImage, rect: PixelRect, colour: Colour): number {
  let count = 0
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    for (let x = rect.x; x < rect.x + rect.width; x++) {
      if (isColour(picture, x, y, colour)) count++
    }
  }
  return count
}

function whole({ width, height }: RgbImage): PixelRect {
  return { x: 0, y: 0, width, height }
}

/** Counts the pixels of text on a plate of this class, wherever it is. */
function countInk(picture: RgbImage, classId: number): number {
  return countColour(picture, whole(picture), textColourOn(colourOfClass(classId)))
}

t.test('annotate()', async (t) => {
  t.test('draws the four sides of a box in the colour of its class', async (t) => {
    const picture = greyPicture(640, 480)
    await annotate(picture, [annotation([100, 100, 400, 300])])
    const colour = colourOfClass(18)
    for (const [side, x, y] of [
      ['left', 100, 250],
      ['right', 399, 250],
      ['top', 350, 100],
      ['bottom', 250, 299],
    ] as const) {
      t.ok(isColour(picture, x, y, colour), side)
    }
  })

  t.test('sets the line off from the background by a darker edge on both sides', async (t) => {
    const picture = greyPicture(640, 480)
    await annotate(picture, [annotation([100, 100, 400, 300])])
    const row = Array.from({ length: 12 }, (_, index) => pixelAt(picture, 94 + index, 250).r)
    const dark = row.map((value, index) => (value < 80 ? index : -1))
    const { r, g, b } = colourOfClass(18)
    const line = row.findIndex((_, index) => isColour(picture, 94 + index, 250, { r, g, b }))
    t.ok(dark.some((index) => index >= 0 && index < line))
    t.ok(dark.some((index) => index > line))
  })

  t.test('leaves what lies off boxes and labels as it was', async (t) => {
    const picture = greyPicture(640, 480)
    await annotate(picture, [annotation([100, 100, 400, 300])])
    for (const [x, y] of [
      [250, 200],
      [500, 400],
      [20, 20],
    ] as const) {
      t.ok(isColour(picture, x, y, { r: GREY, g: GREY, b: GREY }), `${x},${y}`)
    }
  })

  t.test('keeps the whole label inside the picture at every edge', async (t) => {
    const reference = greyPicture(640, 480)
    await annotate(reference, [annotation([200, 200, 400, 300])])
    const ink = countInk(reference, 18)
    t.ok(ink > 10, 'the label has ink')
    for (const [edge, ...box] of [
      ['top left', 0, 0, 200, 200],
      ['top right', 600, 0, 640, 200],
      ['bottom left', 0, 470, 30, 480],
      ['bottom right', 630, 470, 640, 480],
      ['the whole picture', 0, 0, 640, 480],
      ['beyond the left', -300, 100, -200, 200],
      ['beyond the bottom', 100, 900, 200, 1000],
    ] as const) {
      const picture = greyPicture(640, 480)
      await annotate(picture, [annotation(box)])
      t.equal(countInk(picture, 18), ink, edge)
    }
  })

  t.test('keeps labels apart where there is room', async (t) => {
    const classes = [1, 4, 9, 12, 19]
    const alone = await Promise.all(
      classes.map(async (classId) => {
        const picture = greyPicture(640, 480)
        await annotate(picture, [annotation([200, 100, 500, 400], { classId })])
        return countInk(picture, classId)
      }),
    )
    const picture = greyPicture(640, 480)
    const boxes = classes.map((classId) => annotation([200, 100, 500, 400], { classId }))
    await annotate(picture, boxes)
    t.equal(
      countInk(picture, 1),
      alone.reduce((sum, ink) => sum + ink, 0),
    )
  })

  t.test('shows the class id of a detection without a name', async (t) => {
    const named = greyPicture(640, 480)
    const unnamed = greyPicture(640, 480)
    await annotate(named, [annotation([100, 100, 400, 300], { label: '#18' })])
    await annotate(unnamed, [annotation([100, 100, 400, 300], { label: null })])
    t.equal(Buffer.compare(unnamed.pixels, named.pixels), 0)
  })

  t.test('draws pictures of any size without failing', async (t) => {
    for (const [width, height] of [
      [1, 1],
      [2, 1],
      [1, 50],
      [9, 7],
      [40, 12],
      [200, 150],
    ] as const) {
      const picture = greyPicture(width, height)
      const boxes = [
        annotation([0, 0, width, height]),
        annotation([0.2, 0.2, 0.3, 0.3]),
        annotation([-5, -5, 2 * width, 2 * height], { label: 'a long name '.repeat(30) }),
        annotation([width, height, 0, 0], { label: null, score: Number.NaN }),
      ]
      await t.resolves(annotate(picture, boxes), `${width}x${height}`)
    }
  })

  t.test('makes a box of less than a pixel visible', async (t) => {
    const picture = greyPicture(640, 480)
    await annotate(picture, [annotation([300.2, 300.2, 300.4, 300.4])])
    const around = { x: 296, y: 298, width: 10, height: 8 }
    t.ok(countColour(picture, around, colourOfClass(18)) >= 8)
  })

  t.test('draws hundreds of boxes and leaves out those that are not finite', async (t) => {
    const picture = greyPicture(640, 480)
    const boxes = Array.from({ length: 400 }, (_, index) =>
      annotation([index, index % 400, index + 60, (index % 400) + 60], { classId: index }),
    )
    await annotate(picture, [...boxes, annotation([Number.NaN, 0, Infinity, 10])])
    t.ok(countColour(picture, whole(picture), colourOfClass(5)) > 0)
  })

  t.test('scales line and text with the picture', async (t) => {
    const ink: number[] = []
    const lines: number[] = []
    for (const [width, height] of [
      [200, 150],
      [1200, 900],
      [4000, 3000],
    ] as const) {
      const picture = greyPicture(width, height)
      await annotate(picture, [
        annotation([0.3, 0.3, 0.8, 0.8].map((part) => part * width) as never),
      ])
      ink.push(countInk(picture, 18))
      const row = { x: 0, y: Math.round(height * 0.7), width: Math.round(width / 2), height: 1 }
      lines.push(countColour(picture, row, colourOfClass(18)))
    }
    t.ok(ink[0]! < ink[1]! && ink[1]! < ink[2]!)
    t.ok(lines[0]! >= 2 && lines[0]! < lines[1]! && lines[1]! < lines[2]!)
  })

  t.test('draws the same picture however many are drawn at once', async (t) => {
    const pictures = Array.from({ length: 6 }, () => greyPicture(320, 240))
    await Promise.all(
      pictures.map((picture) =>
        annotate(picture, [annotation([50, 50, 250, 200], { label: 'kite' })]),
      ),
    )
    for (const { pixels } of pictures) t.equal(Buffer.compare(pixels, pictures[0]!.pixels), 0)
  })
})
