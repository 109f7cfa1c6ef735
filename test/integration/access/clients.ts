import { createHash } from 'node:crypto'
import type { Test } from 'tap'
import { connectRaw } from '../plugins/raw-client.js'

/** The line of a key for `API_KEYS_FILE` or `API_KEYS`. */
export function lineOf(id: string, key: string): string {
  return `${id}:${createHash('sha256').update(key).digest('hex')}`
}

/**
 * Sends the headers of a 1 MB upload and no byte of its body, and returns the first thing that comes back: an answer, or
 * `100 Continue`.
 */
export async function announceUpload(
  t: Test,
  url: string,
  { path = '/v1/detect', headers = [] as string[], expect = true } = {},
) {
  const client = connectRaw(t, Number(new URL(url).port))
  const lines = [
    `POST ${path} HTTP/1.1`,
    'host: localhost',
    'content-type: image/jpeg',
    'content-length: 1000000',
    ...(expect ? ['expect: 100-continue'] : []),
    ...headers,
  ]
  client.write(`${lines.join('\r\n')}\r\n\r\n`)
  const answer = await client.answer()
  client.socket.destroy()
  return answer
}
