import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import t from 'tap'
import type { RgbImage } from '../../../src/imaging/geometry.js'
import { type RedactMode, redact } from '../../../src/imaging/redact.js'

async function load(name: string): Promise<RgbImage> {
  const file = await readFile(new URL(`../../fixtures/${name}.jpg`, import.meta.url))
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, pixels: new Uint8Array(data) }
}

const copy = (picture: RgbImage): RgbImage => ({ ...picture, pixels: picture.pixels.slice() })

interface Rect {
  x: number
  y: number
  width: number
  height: number
}

/** How much neighbours differ on average: what edges, eyes and letters are made of. */
function detail({ pixels, width }: RgbImage, rect: Rect): number {
  let sum = 0
  for (let y = rect.y; y < rect.y + rect.height - 1; y++) {
    for (let x = rect.x; x < rect.x + rect.width - 1; x++) {
      const at = (y * width + x) * 3
      sum +=
        Math.abs(pixels[at]! - pixels[at + 3]!) + Math.abs(pixels[at]! - pixels[at + width * 3]!)
    }
  }
  return sum / (rect.width * rect.height)
}

function colours({ pixels, width }: RgbImage, rect: Rect): number {
  const found = new Set<string>()
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    for (let x = rect.x; x < rect.x + rect.width; x++) {
      const at = (y * width + x) * 3
      found.add(pixels.subarray(at, at + 3).join())
    }
  }
  return found.size
}

/** Pixels outside a rectangle that are not what they were. */
function changedOutside(before: RgbImage, after: RgbImage, rect: Rect): number {
  let changed = 0
  for (let i = 0; i < before.pixels.length; i++) {
    const x = Math.floor(i / 3) % before.width
    const y = Math.floor(i / 3 / before.width)
    const inside = x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height
    if (!inside && before.pixels[i] !== after.pixels[i]) changed++
  }
  return changed
}

/** The picture with black and white pixels in turn in a rectangle. */
function chessboard(picture: RgbImage, rect: Rect, first: 0 | 1): RgbImage {
  const board = copy(picture)
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    for (let x = rect.x; x < rect.x + rect.width; x++) {
      const at = (y * picture.width + x) * 3
      board.pixels.fill((x + y) % 2 === first ? 0 : 255, at, at + 3)
    }
  }
  return board
}

t.test('redact()', async (t) => {
  const picture = await load('astronaut')
  // Her face; what is covered is 4 % more on each side.
  const rect = { x: 150, y: 60, width: 150, height: 200 }
  const box = { xMin: 150, yMin: 60, xMax: 300, yMax: 260 }
  const covered = { x: 144, y: 52, width: 162, height: 216 }
  const before = detail(picture, rect)

  for (const mode of ['blur', 'pixelate', 'fill'] as const satisfies RedactMode[]) {
    const after = copy(picture)
    await redact(after, [{ box, mode }])
    t.equal(changedOutside(picture, after, covered), 0, `${mode}: nothing else changes`)
    const left = detail(after, rect) / before
    t.ok(left < 0.2, `${mode}: ${left.toFixed(3)} of the detail is left`)
  }

  t.test('what is left of pixelation are its few colours', async (t) => {
    const after = copy(picture)
    await redact(after, [{ box, mode: 'pixelate' }])
    // Six cells along the longer side, five along the shorter.
    const count = colours(after, covered)
    t.ok(count <= 30 && count > 10, String(count))
  })

  t.test('a blur holds no more than its cells', async (t) => {
    // Pictures that differ only within a cell become one and the same.
    const noise = chessboard(picture, covered, 0)
    const other = chessboard(picture, covered, 1)
    await redact(noise, [{ box, mode: 'blur' }])
    await redact(other, [{ box, mode: 'blur' }])
    let difference = 0
    for (const [i, value] of noise.pixels.entries()) {
      difference = Math.max(difference, Math.abs(value - other.pixels[i]!))
    }
    t.ok(difference <= 4, `two opposite boards differ by ${difference} of 255`)
  })

  t.test('black stays black under every other area', async (t) => {
    const after = copy(picture)
    const areas = [
      { box, mode: 'fill' },
      { box: { ...box, xMin: 100, xMax: 250 }, mode: 'blur' },
    ] as const
    await redact(after, areas)
    t.equal(colours(after, covered), 1)
    t.equal(after.pixels[(covered.y * picture.width + covered.x) * 3], 0)
  })

  t.test('ends with its request', async (t) => {
    const signal = AbortSignal.abort(new Error('too late'))
    await t.rejects(redact(copy(picture), [{ box, mode: 'blur' }], signal), { message: 'too late' })
  })

  t.test('boxes at and beyond the edge, and of no size', async (t) => {
    const after = copy(picture)
    const boxes = [
      { xMin: -5, yMin: -5, xMax: 3, yMax: 3 },
      { xMin: picture.width - 1, yMin: 0, xMax: picture.width, yMax: picture.height },
      { xMin: 200, yMin: 200, xMax: 200, yMax: 200 },
      { xMin: 0, yMin: 0, xMax: picture.width, yMax: picture.height },
    ]
    for (const mode of ['blur', 'pixelate', 'fill'] as const) {
      await redact(
        after,
        boxes.map((it) => ({ box: it, mode })),
      )
    }
    t.ok(after.pixels.every((value) => value === 0))
  })
})
