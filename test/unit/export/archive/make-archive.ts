import { gzipSync } from 'node:zlib'
import { Header } from 'tar'

/** One entry of a made-up archive; a path may be as bad as it likes. */
export interface MadeEntry {
  readonly path: string
  readonly content?: string | Uint8Array
  readonly type?: 'File' | 'Directory' | 'SymbolicLink' | 'Link' | 'CharacterDevice'
  readonly linkpath?: string
  /** Size in the header where it is not the content's. */
  readonly claims?: number
}

const BLOCK = 512

function toBlocks({ path, content = '', type = 'File', linkpath, claims }: MadeEntry): Buffer {
  const bytes = Buffer.from(content)
  const header = Buffer.alloc(BLOCK)
  new Header({
    path,
    type,
    mode: 0o644,
    size: claims ?? bytes.length,
    mtime: new Date(0),
    ...(linkpath === undefined ? {} : { linkpath }),
  }).encode(header)
  const padding = Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)
  return Buffer.concat([header, bytes, padding])
}

/** Makes a tar archive of entries as they are given. */
export function makeTar(entries: readonly MadeEntry[]): Buffer {
  return Buffer.concat([...entries.map(toBlocks), Buffer.alloc(2 * BLOCK)])
}

/** The same, packed with gzip. */
export function makeTarGz(entries: readonly MadeEntry[]): Buffer {
  return gzipSync(makeTar(entries))
}
