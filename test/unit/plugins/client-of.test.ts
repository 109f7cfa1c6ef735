import t from 'tap'
import { addressOf, clientOf } from '../../../src/plugins/client-of.js'

const client = (ip: string, clientId: string | null = null) => clientOf({ ip, clientId })

t.test('clientOf()', async (t) => {
  t.equal(client('192.0.2.1'), '192.0.2.1')
  t.not(client('192.0.2.1'), client('192.0.2.2'))
  t.equal(client('::ffff:192.0.2.1'), client('192.0.2.1'), 'the same address in IPv6')
  t.equal(client('2001:db8:0:1::1'), client('2001:db8:0:1:f:f:f:f'), 'one network')
  t.not(client('2001:db8:0:1::1'), client('2001:db8:0:2::1'))
  t.equal(client('192.0.2.1', 'camera'), client('192.0.2.2', 'camera'), 'the key, wherever it is')
  t.not(
    client('192.0.2.1', '192.0.2.1'),
    client('192.0.2.1'),
    'no key takes the name of an address',
  )
  t.equal(clientOf({ ip: undefined as never, clientId: null }), 'gone')
})

t.test('addressOf', async (t) => {
  const cases = [
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:1000', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['[2001:db8::1]:1000', addressOf('2001:db8::2')],
    ['2001:db8::1', addressOf('2001:db8::2')],
    ['x'.repeat(3000), 'unknown'],
    ['192.0.2.7:1000:1', 'unknown'],
    ['', 'unknown'],
  ] as const
  for (const [ip, address] of cases) t.equal(addressOf(ip), address, ip.slice(0, 40))
})
