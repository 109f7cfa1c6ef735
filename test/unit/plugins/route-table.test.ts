import t from 'tap'
import { RouteTable } from '../../../src/plugins/route-table.js'

t.test('methodsOf()', async (t) => {
  const routes = new RouteTable()
  routes.add('POST', '/v1/detect')
  routes.add(['GET', 'HEAD'], '/v1/models/:model')
  routes.add('DELETE', '/v1/models/:model')
  routes.add('POST', '/v1/models/:model(^[^:/]+)::predict')
  routes.add('GET', '/docs/static/*')
  routes.add('GET', '/openapi.json')
  routes.add('GET', '/*')
  routes.add('OPTIONS', '*')
  const cases = [
    { path: '/v1/detect', methods: ['POST'] },
    { path: '/v1/models/a.b', methods: ['DELETE', 'GET', 'HEAD'] },
    { path: '/v1/models/a/labels', methods: [] },
    { path: '/v1/models/a:predict', methods: ['DELETE', 'GET', 'HEAD', 'POST'] },
    { path: '/v1/models/a:classify', methods: ['DELETE', 'GET', 'HEAD'] },
    { path: '/docs/static/a/b', methods: ['GET'] },
    { path: '/openapiXjson', methods: [] },
    { path: '/', methods: [] },
  ]
  for (const { path, methods } of cases) t.same(routes.methodsOf(path), methods, path)
})
