/** A plain upload: a Fastify server that reads a form's photo into memory and answers its size. Tells its port by IPC. */
import type { AddressInfo } from 'node:net'
import multipart from '@fastify/multipart'
import Fastify from 'fastify'

const app = Fastify()
await app.register(multipart, { limits: { fileSize: 64 * 1024 * 1024 } })
app.post('/v1/detect', async (request) => {
  const file = await request.file()
  const bytes = await file?.toBuffer()
  return { bytes: bytes?.length ?? 0 }
})
app.get('/readyz', async () => ({ status: 'ready' }))
await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.({ port: (app.server.address() as AddressInfo).port })
process.on('disconnect', () => process.exit())
