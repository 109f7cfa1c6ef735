import t from 'tap'
import { Pace } from '../../../src/tasks/pace.js'

t.test('Pace', async (t) => {
  t.test('says nothing until it has seen enough', async (t) => {
    const pace = new Pace()
    pace.filled(0)
    for (let i = 1; i <= 15; i++) pace.departed(true, i * 100)
    t.equal(pace.ms, 0)
    pace.departed(true, 1600)
    t.equal(Math.round(pace.ms), 100)
  })

  t.test('a pause in which nobody came is no sign of slowness', async (t) => {
    const pace = new Pace()
    pace.filled(0)
    for (let i = 1; i <= 20; i++) pace.departed(true, i * 100)
    pace.departed(false, 100_000)
    t.equal(Math.round(pace.ms), 100)
    pace.filled(200_000)
    pace.departed(true, 200_100)
    t.equal(Math.round(pace.ms), 100)
  })

  t.test('quick departures show that it moves faster, even where places are free', async (t) => {
    const pace = new Pace()
    pace.filled(0)
    for (let i = 1; i <= 20; i++) pace.departed(true, i * 1000)
    for (let i = 1; i <= 60; i++) pace.departed(false, 20_000 + i * 10)
    t.ok(pace.ms < 20, `${pace.ms} ms`)
  })
})
