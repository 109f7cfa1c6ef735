const MAGIC = /[*?[{]/

/** Whether a path is a pattern: it has `*`, `?`, `[` or `{`. */
export function isPattern(path: string): boolean {
  return MAGIC.test(path)
}

/** The folder below which everything that a pattern matches must be, and whether it looks into folders of folders. */
export function patternBase(pattern: string): { folder: string; depth: number } {
  const parts = pattern.split('/')
  const first = parts.findIndex(isPattern)
  const folder = parts.slice(0, first).join('/')
  const depth = pattern.includes('**') ? Number.POSITIVE_INFINITY : parts.length - first
  return { folder: folder === '' && first > 0 ? '/' : folder || '.', depth }
}

/** What one piece of a pattern is as a regular expression; `undefined` where it is text. */
function toSource(piece: string): string | undefined {
  if (piece === '**/') return '(?:.*/)?'
  if (piece === '**') return '.*'
  if (piece === '*') return '[^/]*'
  if (piece === '?') return '[^/]'
  if (piece.startsWith('[')) {
    return `(?!/)${piece.replace(/^\[!/, '[^').replaceAll('\\', '\\\\')}`
  }
  if (!piece.startsWith('{')) return undefined
  const words = piece.slice(1, -1).split(',')
  return `(?:${words.map((word) => patternSource(word)).join('|')})`
}

function patternSource(pattern: string): string {
  return pattern
    .split(/(\*\*\/|\*\*|\*|\?|\[!?[^\]/]+\]|\{[^{}]*\})/)
    .map((piece) => toSource(piece) ?? piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('')
}

/** A pattern as a regular expression for whole paths: `*`, `?`, `[a-z]`, `[!a]`, `{a,b}`, and `**` for any folders. */
export function patternExpression(pattern: string): RegExp {
  return new RegExp(`^${patternSource(pattern)}$`, 'su')
}
