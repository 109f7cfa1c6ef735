import t from 'tap'
import { fitInside, transformOf } from '../../../src/imaging/transform.js'

t.test('fitInside()', async (t) => {
  const cases: [string, [number, number], number, [number, number]][] = [
    ['landscape', [4000, 3000], 1024, [1024, 768]],
    ['portrait', [3000, 4000], 1024, [768, 1024]],
    ['smaller than the limit', [100, 50], 1024, [100, 50]],
    ['all pixels', [4000, 3000], 0, [4000, 3000]],
    ['a line never vanishes', [10_000, 1], 100, [100, 1]],
  ]
  for (const [name, [width, height], maxSide, [w, h]] of cases) {
    t.strictSame(fitInside({ width, height }, maxSide), { width: w, height: h }, name)
  }
})

t.test('transformOf()', async (t) => {
  const region = { xMin: 100, yMin: 50, xMax: 500, yMax: 250 }
  const tensor = { width: 100, height: 100 }
  const centre = (fit: 'stretch' | 'crop' | 'pad') => {
    const { scaleX, scaleY, offsetX, offsetY } = transformOf(region, tensor, fit)
    return [50 * scaleX + offsetX, 50 * scaleY + offsetY]
  }
  for (const fit of ['stretch', 'crop', 'pad'] as const) {
    t.strictSame(centre(fit), [300, 150], `${fit} maps the tensor's centre to the region's`)
  }
  t.strictSame(transformOf(region, tensor, 'stretch'), {
    scaleX: 4,
    scaleY: 2,
    offsetX: 100,
    offsetY: 50,
  })
  t.strictSame(transformOf(region, tensor, 'crop'), {
    scaleX: 2,
    scaleY: 2,
    offsetX: 200,
    offsetY: 50,
  })
  t.strictSame(transformOf(region, tensor, 'pad'), {
    scaleX: 4,
    scaleY: 4,
    offsetX: 100,
    offsetY: -50,
  })
  t.strictSame(
    transformOf(region, tensor, 'pad', 'top-left'),
    { scaleX: 4, scaleY: 4, offsetX: 100, offsetY: 50 },
    'a border after the picture moves nothing',
  )
})
