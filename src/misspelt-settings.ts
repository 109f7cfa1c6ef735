import { editDistance } from './near-match.js'

/** Others' variables with names like ours: a shell's, and what Kubernetes sets for each service. */
const FOREIGN = /^(HOSTNAME|HOME|HOSTTYPE)$|_SERVICE_(HOST|PORT)|_PORT_\d+_/
/** Shorter names are near to too many others. */
const LEAST_LENGTH = 6

function plain(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, '')
}

function isMeant(name: string, setting: string): boolean {
  const [given, known] = [plain(name), plain(setting)]
  if (given === known) return true
  if (given.length < LEAST_LENGTH || known.length < LEAST_LENGTH) return false
  // Without its unit: MAX_IMAGE for MAX_IMAGE_BYTES.
  if (name.includes('_') && setting.startsWith(`${name.toUpperCase()}_`)) return true
  return editDistance(given, known) <= Math.max(1, Math.floor(known.length / 6))
}

/**
 * Finds the variables that are no setting but look like one that was misspelt: a letter or two away, in lower case,
 * without underscores or without the unit. Gives the setting that each most likely means, by variable.
 */
export function misspeltSettings(
  names: Iterable<string>,
  settings: readonly string[],
): Map<string, string> {
  const found = new Map<string, string>()
  for (const name of names) {
    if (settings.includes(name) || FOREIGN.test(name) || name.length > 64) continue
    const meant = settings.find((setting) => isMeant(name, setting))
    if (meant !== undefined) found.set(name, meant)
  }
  return found
}
