import { createHash, randomBytes } from 'node:crypto'

/** A key that clients are let in with: known by the digest only, so that whoever reads the file cannot use it. */
export interface ApiKey {
  /** Name of the key's owner, for logs and limits; several keys may have the same. */
  readonly id: string
  /** SHA-256 of the key, 32 bytes. */
  readonly digest: Buffer
}

/** What is wrong with a list of keys, by line (1-based). It never repeats what the line holds, which may be a key. */
export interface KeyProblem {
  readonly line: number
  readonly reason: string
}

const ID = /^[A-Za-z0-9._-]{1,64}$/
const DIGEST = /^[0-9a-f]{64}$/i

/** SHA-256 of a key as it is sent, in UTF-8. */
export function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

/** The line of a key as `API_KEYS_FILE` holds it. */
export function keyLine(id: string, key: string): string {
  return `${id}:${digestOf(key).toString('hex')}`
}

/** Tells what is wrong with the name of a key; `undefined` for a good one. */
export function keyIdProblem(id: string): string | undefined {
  return ID.test(id) ? undefined : 'a name is 1 to 64 letters, digits, dots, dashes and underscores'
}

/** Makes a key of 256 random bits. Its prefix lets scanners for leaked secrets find it. */
export function makeKey(): string {
  return `dgw_${randomBytes(32).toString('base64url')}`
}

/**
 * Reads keys, `id:sha256` in hexadecimal a line; empty lines and those that begin with `#` are skipped. A list without a
 * key is a problem too: it would let everybody in, or nobody.
 */
export function parseKeys(text: string): { keys: ApiKey[]; problems: KeyProblem[] } {
  const keys: ApiKey[] = []
  const problems: KeyProblem[] = []
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const entry = raw.trim()
    if (entry === '' || entry.startsWith('#')) continue
    const colon = entry.indexOf(':')
    const id = entry.slice(0, colon).trim()
    const digest = entry.slice(colon + 1).trim()
    const reason = colon === -1 ? 'expected id:sha256' : (keyIdProblem(id) ?? digestProblem(digest))
    if (reason === undefined) keys.push({ id, digest: Buffer.from(digest, 'hex') })
    else problems.push({ line: index + 1, reason })
  }
  if (keys.length === 0 && problems.length === 0) problems.push({ line: 1, reason: 'no key' })
  return { keys, problems }
}

function digestProblem(digest: string): string | undefined {
  return DIGEST.test(digest)
    ? undefined
    : 'after the colon belongs the SHA-256 of the key, 64 hexadecimal digits'
}
