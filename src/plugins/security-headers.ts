import fp from 'fastify-plugin'

/** What no answer of this API is: a frame, a script, a document that loads others. Pages set policies of their own. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), geolocation=(), microphone=()',
}

/** A year. Sent only to who came by TLS already, here or at a trusted proxy. */
const STRICT_TRANSPORT = 'max-age=31536000'

/** Sends every answer with headers that take from browsers what the gateway does not need. */
export default fp(
  async (app) => {
    app.addHook('onRequest', async (request, reply) => {
      reply.headers(HEADERS)
      if (request.protocol === 'https') reply.header('strict-transport-security', STRICT_TRANSPORT)
    })
  },
  { name: 'security-headers', fastify: '5.x' },
)
