import { isIP } from 'node:net'
import { z } from 'zod'
import { parseKeys } from './access/api-key.js'

const text = () => z.string().trim().min(1)

/** A comma list; `problemOf` tells what is wrong with an entry, after "is". Unset it is empty. */
export const list = (problemOf: (entry: string) => string | undefined) =>
  text()
    .optional()
    .transform((value = '', context) => {
      const entries = value.split(',').map((entry) => entry.trim())
      const given = entries.filter((entry) => entry !== '')
      for (const entry of given) {
        const problem = problemOf(entry)
        const message = `"${entry}" is ${problem}`
        if (problem !== undefined) context.addIssue({ code: 'custom', message })
      }
      return given
    })

/** API keys, `id:sha256` each, separated by commas or blanks. Unset there is none. */
export const keyList = () =>
  text()
    .optional()
    .transform((value, context) => {
      if (value === undefined) return []
      const { keys, problems } = parseKeys(value.split(/[\s,]+/).join('\n'))
      for (const { line, reason } of problems) {
        context.addIssue({ code: 'custom', message: `entry ${line}: ${reason}` })
      }
      return keys
    })

/** The URL of a Redis, with or without TLS. */
export const redisUrl = () =>
  text().refine(
    (value) => URL.canParse(value) && ['redis:', 'rediss:'].includes(new URL(value).protocol),
    'expected redis://host:port or rediss://host:port',
  )

/** What is wrong with a trusted proxy: an address, a network such as 10.0.0.0/8, or one of Fastify's names for some. */
export function proxyProblem(entry: string): string | undefined {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(entry)) return undefined
  const [address = '', bits, ...rest] = entry.split('/')
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  const isNetwork = bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= most)
  return most > 0 && isNetwork && rest.length === 0
    ? undefined
    : 'neither an address nor a network such as 10.0.0.0/8'
}

/** What is wrong with an origin as browsers send it; `*` stands for all. */
export function originProblem(entry: string): string | undefined {
  if (entry === '*') return undefined
  if (!entry.includes('*') && URL.canParse(entry) && new URL(entry).origin === entry)
    return undefined
  return 'no origin such as https://app.example.com'
}
