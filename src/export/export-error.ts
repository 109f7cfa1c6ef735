/**
 * Something that cannot be exported, or read, as it is. `message` is written for the person at the command line: it
 * names the file, the byte offset or the node where that is known, and what to do.
 */
export class ExportError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'ExportError'
  }
}

/** Says why a file operation failed, in words instead of the system's code where a user can act on it. */
export function fileError(action: string, path: string, cause: unknown): ExportError {
  const code = (cause as NodeJS.ErrnoException).code ?? ''
  return new ExportError(`${path}: cannot ${action}: ${REASONS[code] ?? String(cause)}`, { cause })
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied; check the owner and mode of the file and its directory',
  EPERM: 'operation not permitted; check the owner and mode of the file and its directory',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the device; free some, or export to another disk',
  EDQUOT: 'the disk quota is used up; free some space, or export to another disk',
  EFBIG: 'the file system takes no file of this size',
  EMFILE: 'too many files are open',
}
