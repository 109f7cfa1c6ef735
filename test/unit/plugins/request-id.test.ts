import t from 'tap'
import { genReqId } from '../../../src/plugins/request-id.js'

t.test('genReqId()', async (t) => {
  for (const id of ['a', 'Az09._-', 'x'.repeat(128)]) {
    t.equal(genReqId({ headers: { 'x-request-id': id } }), id)
  }
  for (const id of ['', 'x'.repeat(129), 'a b', 'a\nb', 'é', 'a;b', undefined]) {
    const made = genReqId({ headers: id === undefined ? {} : { 'x-request-id': id } })
    t.match(made, /^[0-9a-f-]{36}$/, `replaces ${id}`)
  }
})
