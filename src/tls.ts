import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { Server } from 'node:https'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import type { FastifyBaseLogger } from 'fastify'
import { readTexts, watchTexts } from './watched-texts.js'

/** The files that HTTPS is spoken with. */
export interface TlsFiles {
  /** Certificate, with the intermediate ones behind it, in PEM. */
  readonly cert: string
  /** Its private key in PEM, without a passphrase. */
  readonly key: string
  /** Authorities whose certificates clients must show; without it they need none. */
  readonly clientCa?: string | undefined
}

/** The files of the settings; `undefined` where plain HTTP is spoken. */
export function tlsFilesOf(config: {
  readonly tlsCertFile?: string | undefined
  readonly tlsKeyFile?: string | undefined
  readonly tlsClientCaFile?: string | undefined
}): TlsFiles | undefined {
  const { tlsCertFile: cert, tlsKeyFile: key, tlsClientCaFile: clientCa } = config
  return cert === undefined || key === undefined ? undefined : { cert, key, clientCa }
}

const pathsOf = ({ cert, key, clientCa }: TlsFiles) =>
  clientCa === undefined ? [cert, key] : [cert, key, clientCa]

/**
 * Checks that a file of authorities has one. Node takes an empty file for none at all, and would then trust every public
 * authority; it skips what it cannot read without a word. Throws for either.
 */
export function requireAuthority(pem: string): void {
  try {
    new X509Certificate(pem)
  } catch (cause) {
    throw new Error('the file of authorities holds no certificate', { cause })
  }
}

/** Reads PEM, or throws `problem`: OpenSSL's own errors name neither the file nor what it should hold. */
function readPem<T>(problem: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new Error(problem, { cause })
  }
}

/** Puts what the files hold together, by their order. Throws when certificate and key do not fit, or one is none. */
export function toContext([cert = '', key = '', ca]: readonly string[]): SecureContextOptions {
  // Node takes a file that is empty, because it is being written, for one that was not given.
  const certificate = readPem(
    'the file of the certificate holds none in PEM',
    () => new X509Certificate(cert),
  )
  const privateKey = readPem('the file of the key holds none in PEM without a passphrase', () =>
    createPrivateKey(key),
  )
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new Error('the private key is not that of the certificate')
  }
  if (ca !== undefined) requireAuthority(ca)
  const context = { cert, key, ...(ca !== undefined && { ca }) }
  createSecureContext(context)
  return context
}

/** Reads the files, where there are any. Throws with the names of the settings when they cannot be used. */
export function readTls(files: TlsFiles | undefined): string[] | undefined {
  if (files === undefined) return undefined
  try {
    const texts = readTexts(pathsOf(files))
    toContext(texts)
    return texts
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`TLS_CERT_FILE, TLS_KEY_FILE, TLS_CLIENT_CA_FILE: ${reason}`, { cause })
  }
}

/**
 * Puts renewed certificates in force without a restart: new connections get them, others go on. `texts` are those in
 * force. Files that do not fit together are logged and the last good ones stay. Returns how to stop.
 */
export function watchTls(
  server: Pick<Server, 'setSecureContext'>,
  files: TlsFiles,
  texts: readonly string[],
  log: Pick<FastifyBaseLogger, 'info' | 'error'>,
): () => void {
  return watchTexts(pathsOf(files), texts, {
    onChange: (fresh) => {
      server.setSecureContext(toContext(fresh))
      log.info({ file: files.cert }, 'TLS certificate loaded')
    },
    onFailure: ({ message }) =>
      log.error(
        { file: files.cert, reason: message },
        'the TLS files are broken, the last good ones stay in force',
      ),
  })
}
