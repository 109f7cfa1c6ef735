import t from 'tap'
import { LoadMeter } from '../../src/load-meter.js'

t.test('LoadMeter tells the share of places that was taken, not that of a moment', async (t) => {
  let now = 5000
  const meter = new LoadMeter(4, () => now)
  t.equal(meter.load, 0)
  // Two of four places, half of the time: a moment would say 0 or 0.5.
  for (let i = 0; i < 2000; i++) {
    meter.change(2)
    now += 50
    meter.change(0)
    now += 50
  }
  t.ok(Math.abs(meter.load - 0.25) < 0.01, String(meter.load))
  meter.change(4)
  now += 30_000
  t.ok(Math.abs(meter.load - (1 - 0.75 / Math.E)) < 0.01, 'a window later two thirds of the way')
  now += 600_000
  t.ok(meter.load > 0.999 && meter.load <= 1, 'all of them, and never more')
  meter.change(0)
  now += 600_000
  t.ok(meter.load < 0.001)
})
