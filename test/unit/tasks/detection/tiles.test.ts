import t from 'tap'
import type { Box, Size } from '../../../../src/imaging/geometry.js'
import { autoGrids, chooseTiles, tilesOf } from '../../../../src/tasks/detection/tiles.js'

function corners({ xMin, yMin, xMax, yMax }: Box): number[] {
  return [xMin, yMin, xMax, yMax]
}

t.test('tilesOf() cuts an image row by row', async (t) => {
  const tiles = tilesOf({ width: 1080, height: 720 }, { columns: 2, rows: 2 }, 0.2)
  t.strictSame(tiles.map(corners), [
    [0, 0, 600, 400],
    [480, 0, 1080, 400],
    [0, 320, 600, 720],
    [480, 320, 1080, 720],
  ])
  const apart = tilesOf({ width: 300, height: 100 }, { columns: 3, rows: 1 }, 0)
  t.strictSame(apart.map(corners), [
    [0, 0, 100, 100],
    [100, 0, 200, 100],
    [200, 0, 300, 100],
  ])
})

/** What is wrong with tiles in one row of an image so long. */
function fault(tiles: readonly Box[], length: number): string | undefined {
  const side = tiles[0]!.xMax - tiles[0]!.xMin
  if (tiles.some(({ xMin, xMax }) => xMax - xMin !== side)) return 'not of one size'
  if (tiles.some(({ xMin }) => !Number.isInteger(xMin))) return 'not in whole pixels'
  if (tiles.some(({ xMin }, index) => index > 0 && xMin > tiles[index - 1]!.xMax)) return 'a gap'
  if (tiles[0]!.xMin !== 0 || tiles.at(-1)!.xMax !== length) return 'not the whole'
  return tiles.length > 1 && side < 32 ? 'too small' : undefined
}

t.test('tilesOf() covers every image with tiles of one size', async (t) => {
  for (const length of [1, 31, 32, 63, 64, 97, 640, 1001, 65_500]) {
    for (const columns of [1, 2, 3, 5, 8]) {
      for (const overlap of [0, 0.1, 0.2, 0.37, 0.5]) {
        const tiles = tilesOf({ width: length, height: 50 }, { columns, rows: 1 }, overlap)
        t.equal(fault(tiles, length), undefined, `${length} in ${columns} with ${overlap}`)
      }
    }
  }
  t.equal(tilesOf({ width: 20, height: 10 }, { columns: 8, rows: 8 }, 0.2).length, 1, 'tiny')
  t.equal(tilesOf({ width: 100, height: 64 }, { columns: 8, rows: 8 }, 0.2).length, 6, 'small')
})

t.test('autoGrids() goes as far as shrinking asks and sixteen tiles allow', async (t) => {
  const cases: [Size, Size, [number, number]][] = [
    [{ width: 640, height: 480 }, { width: 640, height: 480 }, [1, 1]],
    [{ width: 640, height: 480 }, { width: 300, height: 300 }, [2, 1]],
    [{ width: 1200, height: 1200 }, { width: 300, height: 300 }, [3, 3]],
    [{ width: 4000, height: 3000 }, { width: 1024, height: 768 }, [3, 3]],
    [{ width: 4000, height: 3000 }, { width: 300, height: 300 }, [5, 3]],
    [{ width: 65_000, height: 100 }, { width: 300, height: 300 }, [8, 1]],
    [{ width: 100, height: 65_000 }, { width: 300, height: 300 }, [1, 8]],
    [{ width: 3, height: 2 }, { width: 300, height: 300 }, [1, 1]],
  ]
  for (const [image, input, [columns, rows]] of cases) {
    const last = autoGrids(image, input, 0.2).at(-1)
    t.strictSame(last, { columns, rows }, `${image.width} x ${image.height} at ${input.width}`)
  }
})

t.test('chooseTiles() puts the whole before its tiles', async (t) => {
  const image = { width: 1200, height: 1200 }
  const whole = { xMin: 0, yMin: 0, xMax: 1200, yMax: 1200 }
  const room = (most: number) => ({
    inputOf: () => ({ width: 300, height: 300 }),
    fits: (regions: readonly Box[]) => regions.length <= most,
  })
  const grid = chooseTiles({ tiles: { columns: 2, rows: 1 }, overlap: 0.2 })
  t.equal(grid(image, room(0)).length, 3, 'a grid that was asked for is not made smaller')
  t.strictSame(grid(image, room(0))[0], whole)
  const one = chooseTiles({ tiles: { columns: 1, rows: 1 }, overlap: 0.2 })
  t.strictSame(one(image, room(99)), [], 'one tile is the whole')
  const auto = chooseTiles({ tiles: 'auto', overlap: 0.2 })
  t.equal(auto(image, room(99)).length, 10, 'all of 3x3')
  t.equal(auto(image, room(9)).length, 7, '3x2 where there is memory for nine')
  t.strictSame(auto(image, room(0)), [], 'the whole alone where there is none')
})
