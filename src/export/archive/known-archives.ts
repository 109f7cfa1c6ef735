import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { ExportError, fileError } from '../export-error.js'

/** A published archive whose content is known. */
export interface KnownArchive {
  /** File name, such as `ssd_mobilenet_v2_coco_2018_03_29.tar.gz`. */
  readonly name: string
  /** In bytes. */
  readonly size: number
  /** In lower-case hexadecimal. */
  readonly sha256: string
}

/** Name, size in bytes and SHA-256 of archives of TensorFlow's model zoo, tab-separated under a header. */
const LIST = new URL('../../../assets/zoo-checksums.tsv', import.meta.url)

let archives: ReadonlyMap<string, KnownArchive> | undefined

function readList(): ReadonlyMap<string, KnownArchive> {
  const rows = readFileSync(LIST, 'utf8').trim().split('\n').slice(1)
  return new Map(
    rows.map((row) => {
      const [name = '', size = '', sha256 = ''] = row.split('\t')
      return [name, { name, size: Number(size), sha256 }]
    }),
  )
}

/** Finds an archive of the model zoo by its file name; `undefined` for any other. */
export function findKnownArchive(name: string): KnownArchive | undefined {
  archives ??= readList()
  return archives.get(name)
}

/**
 * Checks that a file is the published archive, by size and SHA-256. Throws `ExportError` with what was found and
 * expected.
 */
export async function verifyArchive(path: string, known: KnownArchive): Promise<void> {
  const { size } = statSync(path)
  if (size !== known.size) {
    const what = size < known.size ? 'is cut off' : 'is another file'
    throw new ExportError(
      `${path}: ${what}: it has ${size} bytes, the published ${known.name} has ${known.size}. ${ADVICE}`,
    )
  }
  const sha256 = await digest(path)
  if (sha256 === known.sha256) return
  throw new ExportError(
    `${path}: is damaged or another file: its SHA-256 is ${sha256}, that of the published ${known.name} ` +
      `${known.sha256}. ${ADVICE}`,
  )
}

const ADVICE = 'Download it again; rename it if it is an archive of your own'

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
      hash.update(chunk)
    }
  } catch (cause) {
    throw fileError('read it', path, cause)
  }
  return hash.digest('hex')
}
