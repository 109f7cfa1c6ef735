import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

/** A request for the load program to send; without files it is a GET. */
export interface RequestPlan {
  readonly url: string
  /** Path and query. */
  readonly path: string
  /** Photos to upload, as many requests as there are groups of `perRequest`. */
  readonly files: readonly string[]
  /** Photos in one form. */
  readonly perRequest: number
}

const BOUNDARY = '----bench-7d3f1c0a9e6b4c25'

async function toPart(file: string): Promise<Buffer[]> {
  const head =
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="image"; filename="${basename(file)}"\r\n` +
    'content-type: image/jpeg\r\n\r\n'
  return [Buffer.from(head), await readFile(file), Buffer.from('\r\n')]
}

/** Builds the requests of a plan, head and multipart body in one buffer each. */
export async function buildRequests({
  url,
  path,
  files,
  perRequest,
}: RequestPlan): Promise<Buffer[]> {
  const { host } = new URL(url)
  if (files.length === 0) return [Buffer.from(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`)]
  const requests: Buffer[] = []
  const count = Math.ceil(files.length / perRequest)
  for (let group = 0; group < count; group++) {
    const chosen = Array.from(
      { length: perRequest },
      (_, index) => files[(group * perRequest + index) % files.length]!,
    )
    const parts = (await Promise.all(chosen.map(toPart))).flat()
    const body = Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)])
    const head =
      `POST ${path} HTTP/1.1\r\nhost: ${host}\r\n` +
      `content-type: multipart/form-data; boundary=${BOUNDARY}\r\n` +
      `content-length: ${body.length}\r\n\r\n`
    requests.push(Buffer.concat([Buffer.from(head), body]))
  }
  return requests
}
