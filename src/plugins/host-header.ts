import type { IncomingMessage } from 'node:http'
import fp from 'fastify-plugin'
import { GatewayError } from '../errors.js'

/**
 * Refuses requests of HTTP/1.1 that do not name their host just once, as RFC 9112 (3.2) demands: of two, a proxy may have
 * gone by the other. Node looks only for one that is missing, and its 400 is no problem document: the server must be made
 * with `requireHostHeader: false`.
 */
export default fp(
  async (app) => {
    app.addHook('onRequest', async ({ raw }) => {
      const hosts = countHosts(raw)
      if (hosts === 1 || (hosts === 0 && raw.httpVersion === '1.0')) return
      throw new GatewayError(
        'malformed_request',
        `The request has ${hosts} "host" headers, expected one`,
      )
    })
  },
  { name: 'host-header', dependencies: ['error-handler'], fastify: '5.x' },
)

/** Names and values take turns in what Node gives. */
function countHosts({ rawHeaders }: IncomingMessage): number {
  return rawHeaders.filter((text, at) => at % 2 === 0 && /^host$/i.test(text)).length
}
