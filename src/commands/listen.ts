import type { FastifyInstance } from 'fastify'

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program has this port',
  EACCES: 'this user may not open this port',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such name',
}

/**
 * Listens, and gives the URL at which it does. An address that cannot be had rejects with an error that says why, and names
 * `settings`, which decide on it.
 */
export async function listen(
  app: FastifyInstance,
  { host, port }: { host: string; port: number },
  settings: string,
): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    const reason = REASONS[code] === undefined ? message : `${REASONS[code]} (${code})`
    const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
    throw new Error(`Cannot listen on ${address} (${settings}): ${reason}`, { cause: error })
  }
}
