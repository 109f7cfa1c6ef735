import t from 'tap'
import { parseTarget } from '../../../src/serving/target.js'

t.test('parseTarget() reads every form of a gRPC target', (t) => {
  const rows: [string, string][] = [
    ['serving:8500', 'dns:serving:8500'],
    [' serving:8500 ', 'dns:serving:8500'],
    ['1.2.3.4:8500', 'dns:1.2.3.4:8500'],
    ['[::1]:8500', 'dns:[::1]:8500'],
    ['dns:serving:8500', 'dns:serving:8500'],
    ['dns:///serving.ns.svc.cluster.local:8500', 'dns:serving.ns.svc.cluster.local:8500'],
    ['dns://10.0.0.2/serving:8500', 'dns://10.0.0.2/serving:8500'],
    ['a:8500,b:8501', 'dns:a:8500,dns:b:8501'],
    ['ipv4:1.2.3.4:8500,5.6.7.8:8501', 'ipv4:1.2.3.4:8500,ipv4:5.6.7.8:8501'],
    ['ipv6:[::1]:8500,[::2]:8500', 'ipv6:[::1]:8500,ipv6:[::2]:8500'],
    ['unix:/run/serving.sock', 'unix:/run/serving.sock'],
    ['unix:///run/serving.sock', 'unix:/run/serving.sock'],
    ['unix:/run/a.sock,b:8500', 'unix:/run/a.sock,dns:b:8500'],
    ['dns:1:8500', 'dns:1:8500'],
  ]
  for (const [text, key] of rows) t.equal(parseTarget(text).key, key, text)
  t.end()
})

t.test('parseTarget() says what is wrong with a target', (t) => {
  const rows: [string, RegExp][] = [
    ['', /empty member; expected host:port/],
    ['a:8500,', /empty member/],
    ['http://serving:8501', /is a URL, not a gRPC target/],
    ['serving', /port from 1 to 65535/],
    ['serving:0', /port/],
    ['serving:70000', /port/],
    ['serving:port', /port/],
    ['serving:8500/v1', /port/],
    ['[::1:8500', /port/],
    ['ipv4:serving:8500', /holds no ipv4 address/],
    ['ipv6:1.2.3.4:8500', /holds no ipv6 address/],
  ]
  for (const [text, message] of rows) t.throws(() => parseTarget(text), { message }, text)
  t.end()
})
