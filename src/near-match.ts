// Longer words are no typing mistakes, and the distance costs the product of both lengths.
const MAX_COMPARED_LENGTH = 64

/**
 * Counts the edits that turn `a` into `b`: insertions, deletions, substitutions and swaps of neighbours
 * (the optimal string alignment distance).
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1
      let edits = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + cost)
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) edits = Math.min(edits, beforeLast[column - 2]! + 1)
      current.push(edits)
    }
    beforeLast = last
    last = current
  }
  return last[b.length]!
}

/**
 * Finds the candidates that a mistyped word most likely meant, best first and at most `max` of them, ignoring case:
 * those at most a third of the word's letters away, then those that contain the word or are contained in it.
 */
export function nearMatches(word: string, candidates: Iterable<string>, max = 3): string[] {
  const wanted = word.trim().toLowerCase()
  if (wanted === '' || wanted.length > MAX_COMPARED_LENGTH) return []
  const allowed = Math.max(1, Math.floor(wanted.length / 3))
  const found: { candidate: string; rank: number }[] = []
  for (const candidate of new Set(candidates)) {
    const rank = rankOf(wanted, candidate.toLowerCase(), allowed)
    if (rank !== undefined) found.push({ candidate, rank })
  }
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, max)
    .map(({ candidate }) => candidate)
}

function rankOf(wanted: string, candidate: string, allowed: number): number | undefined {
  if (Math.abs(wanted.length - candidate.length) <= allowed) {
    const edits = editDistance(wanted, candidate)
    if (edits <= allowed) return edits
  }
  const [short, long] = wanted.length < candidate.length ? [wanted, candidate] : [candidate, wanted]
  return short.length >= 3 && long.includes(short) ? allowed + 1 : undefined
}

/** Words a suggestion for people: `, did you mean "dog"?`, or nothing when no candidate is near. */
export function suggestion(word: string, candidates: Iterable<string>): string {
  const matches = nearMatches(word, candidates).map((match) => `"${match}"`)
  return matches.length === 0 ? '' : `, did you mean ${matches.join(' or ')}?`
}
