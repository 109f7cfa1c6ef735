import t from 'tap'
import { ClientBudget } from '../../../src/plugins/client-budget.js'

t.test('ClientBudget', async (t) => {
  t.test('gives bytes until there are no more, and takes them back', async (t) => {
    const budget = new ClientBudget(100)
    const hold = budget.take('a', 60)
    t.equal(budget.take('b', 50), undefined)
    t.ok(budget.take('b', 40))
    t.equal(budget.used, 100)
    hold?.release()
    hold?.release()
    t.equal(budget.used, 40)
  })

  t.test('what is settled is less, and can no longer be taken away', async (t) => {
    const budget = new ClientBudget(100)
    const hold = budget.take('a', 90, () => t.fail('was taken away'))
    hold?.settle(95)
    t.equal(budget.used, 90, 'it never grows')
    hold?.settle(70)
    t.equal(budget.used, 70)
    t.equal(budget.take('b', 40), undefined)
    hold?.release()
    hold?.settle(10)
    t.equal(budget.used, 0)
  })

  t.test('who holds most gives up its newest for who holds less', async (t) => {
    const budget = new ClientBudget(100)
    const evicted: string[] = []
    const take = (client: string, bytes: number, name: string) =>
      budget.take(client, bytes, () => evicted.push(name))
    take('flood', 30, 'flood 1')
    take('flood', 30, 'flood 2')
    take('flood', 30, 'flood 3')
    take('other', 10, 'other 1')
    t.ok(take('other', 20, 'other 2'))
    t.strictSame(evicted, ['flood 3'])
    t.equal(budget.used, 90)
    t.equal(take('other', 20, 'other 3'), undefined, 'it would then hold more than the flood')
    t.equal(take('flood', 20, 'flood 4'), undefined)
    t.strictSame(evicted, ['flood 3'])
  })

  t.test('nobody gives up anything for who is refused all the same', async (t) => {
    const budget = new ClientBudget(100)
    const evicted: string[] = []
    budget.take('flood', 20, () => evicted.push('flood 1'))
    budget.take('flood', 20, () => evicted.push('flood 2'))
    budget.take('flood', 10, () => evicted.push('flood 3'))
    budget.take('other', 50)
    t.equal(budget.take('small', 30), undefined, 'what the flood can spare is not enough')
    t.strictSame(evicted, [])
    t.equal(budget.used, 100)
    t.ok(budget.take('small', 20), 'for less it is')
    t.strictSame(evicted, ['flood 3', 'flood 2'])
  })
})
