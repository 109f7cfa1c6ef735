const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'this user has no right to it',
  EPERM: 'this user has no right to it',
  EROFS: 'the file system can only be read',
  ENOSPC: 'no space is left',
  EDQUOT: 'the quota of this user is used up',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its symbolic links go round in circles',
  EMFILE: 'this process has too many files open',
  EIO: 'the disk or network behind it fails',
}

/** Says a failure of the file system in words; others by their own message. */
export function systemProblem(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return WORDS[code] ?? (cause instanceof Error ? cause.message : String(cause))
}
