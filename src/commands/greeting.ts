import type { Gateway } from './serve.js'

/** Where a person reaches an address that a server listens on. */
function reachable(url: string): string {
  return url.replace(/\/\/(127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?=:|$)/, '//localhost')
}

/** Tells whoever started the gateway where to go, with one curl line that works from a clone. */
export function greeting({ url, embedded, defaultModel }: Gateway): string {
  const base = reachable(url)
  const lines = [
    '',
    `  Detection gateway on ${base}`,
    embedded
      ? `  Embedded model server with ${defaultModel} (set TF_SERVING_TARGET to use your own)`
      : '',
    '',
    `  In a browser   ${base}/`,
    `  API reference  ${base}/docs`,
    `  Try it         curl -F image=@test/fixtures/chelsea.jpg ${base}/v1/detect`,
    `  As a picture   curl -F image=@test/fixtures/chelsea.jpg '${base}/v1/detect?format=png' -o cat.png`,
    '',
    '',
  ]
  return lines.filter((line, i) => line !== '' || lines[i - 1] !== '' || i > 4).join('\n')
}
