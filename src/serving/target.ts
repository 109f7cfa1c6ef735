import { isIPv4, isIPv6 } from 'node:net'

/** One member of a target: an address, or a name that may stand for several. */
export interface TargetMember {
  readonly scheme: 'dns' | 'ipv4' | 'ipv6' | 'unix'
  /** DNS server of `dns://server/name:port`; absent elsewhere. */
  readonly authority?: string
  readonly path: string
}

/** Where a model server listens: one or more members whose addresses share the load. */
export interface Target {
  /** The target in one canonical spelling: equal targets share a channel. */
  readonly key: string
  readonly members: readonly [TargetMember, ...TargetMember[]]
}

const SCHEMES: readonly string[] = ['dns', 'ipv4', 'ipv6', 'unix']
const EXPECTED =
  'expected host:port, dns:///host:port, ipv4:1.2.3.4:8500, ipv6:[::1]:8500 or unix:/path, ' +
  'or several of them separated by commas'

/**
 * Reads a gRPC target: `host:port`, `dns:///host:port`, `ipv4:a:1,b:2`, `ipv6:[::1]:1`, `unix:/path`, or a comma list
 * of these. A scheme holds for the members after it that name none, as in gRPC's own `ipv4:` lists
 * (https://github.com/grpc/grpc/blob/master/doc/naming.md).
 *
 * @throws {Error} saying what is wrong with the text and what was expected.
 */
export function parseTarget(text: string): Target {
  const members: TargetMember[] = []
  let inherited: TargetMember['scheme'] = 'dns'
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const member = parseMember(part, inherited)
    inherited = member.scheme === 'unix' ? 'dns' : member.scheme
    members.push(member)
  }
  const [first, ...rest] = members
  if (first === undefined) throw new Error(`The gRPC target is empty; ${EXPECTED}`)
  const key = members
    .map(({ scheme, authority, path }) => `${scheme}:${authority ? `//${authority}/` : ''}${path}`)
    .join(',')
  return { key, members: [first, ...rest] }
}

function parseMember(text: string, inherited: TargetMember['scheme']): TargetMember {
  if (text === '') throw new Error(`The gRPC target has an empty member; ${EXPECTED}`)
  if (/^https?:/i.test(text)) {
    throw new Error(`"${text}" is a URL, not a gRPC target; ${EXPECTED}`)
  }
  const prefixed = /^([a-z0-9]+):(?=\D|[\d.]+:\d+$)(.+)$/i.exec(text)
  const scheme = prefixed?.[1]?.toLowerCase()
  if (!isScheme(scheme)) return addressMember(inherited, text, text)
  const rest = prefixed?.[2] ?? ''
  if (scheme === 'unix') return { scheme, path: rest.replace(/^\/\/(?=\/)/, '') }
  const parts = /^(?:\/\/([^/]*)\/)?(.+)$/.exec(rest)
  return addressMember(scheme, parts?.[2] ?? '', text, parts?.[1])
}

/** Splits `name:1`, `1.2.3.4:1` or `[::1]:1`; null where there is no port, as in a bare IPv6 address. */
function splitHostPort(path: string): { readonly host: string; readonly port: number } | null {
  const [, ipv6, name, port] = /^(?:\[([^\]]*:[^\]]*)\]|([^:[]*)):(\d+)$/.exec(path) ?? []
  const host = ipv6 ?? name
  return host === undefined ? null : { host, port: Number(port) }
}

function isScheme(text: string | undefined): text is TargetMember['scheme'] {
  return text !== undefined && SCHEMES.includes(text)
}

function addressMember(
  scheme: TargetMember['scheme'],
  path: string,
  text: string,
  authority?: string,
): TargetMember {
  const address = splitHostPort(path)
  const port = address?.port ?? 0
  // Without a port gRPC means 443, which no model server listens on.
  if (address === null || port < 1 || port > 65535 || !/^[^\s/]+$/.test(address.host)) {
    throw new Error(`"${text}" is no gRPC target with a port from 1 to 65535; ${EXPECTED}`)
  }
  if (
    (scheme === 'ipv4' && !isIPv4(address.host)) ||
    (scheme === 'ipv6' && !isIPv6(address.host))
  ) {
    throw new Error(`"${text}" holds no ${scheme} address; ${EXPECTED}`)
  }
  return authority ? { scheme, authority, path } : { scheme, path }
}
