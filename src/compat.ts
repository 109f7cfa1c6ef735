import { suggestion } from './near-match.js'

/** The systems whose API the gateway can speak beside its own, by the names that COMPAT takes. */
export const DOORS = ['deepstack', 'doods', 'max', 'tfserving', 'oip'] as const

export type Door = (typeof DOORS)[number]

/**
 * Reads a comma separated list of doors, in any case and order; the output has each once. Throws an `Error` that says
 * what was meant by an unknown name.
 */
export function parseDoors(text: string): Door[] {
  const names = text.split(',').map((name) => name.trim().toLowerCase())
  return [...new Set(names.filter((name) => name !== ''))].map((name) => {
    const door = DOORS.find((it) => it === name)
    if (door !== undefined) return door
    throw new Error(`"${name}" is none of ${DOORS.join(', ')}${suggestion(name, DOORS)}`)
  })
}
