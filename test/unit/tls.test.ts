import { readFileSync } from 'node:fs'
import t from 'tap'
import { toContext } from '../../src/tls.js'

const pem = (name: string) => readFileSync(`test/integration/serving/tls/${name}`, 'utf8')

t.test('toContext()', async (t) => {
  t.test('takes a certificate with its key', async (t) => {
    t.match(toContext([pem('server.pem'), pem('server.key')]), { cert: pem('server.pem') })
  })

  const cases: [string, string, string][] = [
    ['a key that is being written', pem('server.pem'), ''],
    ['a certificate that is being written', '', pem('server.key')],
    ['the key of another certificate', pem('server.pem'), pem('client.key')],
    ['a key that is none', pem('server.pem'), 'nothing'],
  ]
  for (const [what, cert, key] of cases) {
    t.test(`refuses ${what}`, async (t) => {
      t.throws(() => toContext([cert, key]))
    })
  }
})
