import { createSecureContext } from 'node:tls'
import type { UpstreamTls } from './serving/upstream-channel.js'
import { requireAuthority } from './tls.js'
import { readTexts } from './watched-texts.js'

/** The settings of TLS to the model server. */
export interface UpstreamTlsSettings {
  readonly upstreamTlsCaFile?: string | undefined
  readonly upstreamTlsCertFile?: string | undefined
  readonly upstreamTlsKeyFile?: string | undefined
  readonly upstreamTlsServerName?: string | undefined
}

/**
 * Reads what TLS to the model server is spoken with; `undefined` where the settings ask for none. Throws with the names of
 * the settings when the files cannot be used.
 */
export function readUpstreamTls(settings: UpstreamTlsSettings): UpstreamTls | undefined {
  const { upstreamTlsCaFile: caFile, upstreamTlsServerName: serverName } = settings
  const { upstreamTlsCertFile: certFile, upstreamTlsKeyFile: keyFile } = settings
  if (caFile === undefined) return undefined
  try {
    const [ca] = readTexts([caFile])
    requireAuthority(ca!)
    const own = certFile === undefined || keyFile === undefined ? [] : [certFile, keyFile]
    const [cert, key] = readTexts(own)
    createSecureContext({ ca, cert, key })
    const bytes = (text: string | undefined) => (text === undefined ? text : Buffer.from(text))
    return { ca: bytes(ca), cert: bytes(cert), key: bytes(key), serverName }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(
      `UPSTREAM_TLS_CA_FILE, UPSTREAM_TLS_CERT_FILE, UPSTREAM_TLS_KEY_FILE: ${reason}`,
      { cause },
    )
  }
}
