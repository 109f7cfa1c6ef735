import { z } from 'zod'
import { Settings } from '../src/config.js'

interface Setting {
  readonly name: string
  readonly description: string
  /** What holds when it is unset; empty for nothing. */
  readonly fallback: string
}

interface Described {
  readonly description?: string
  readonly default?: string | number
  readonly computed?: string
}

const UNITS: readonly [string, number][] = [
  ['MiB', 1024 * 1024],
  ['KiB', 1024],
]

/** Adds the number in a unit that people read, where it is a whole one. */
function readable(name: string, value: string | number | undefined): string {
  if (value === undefined) return ''
  const unit = UNITS.find(([, size]) => Number(value) % size === 0)
  return name.endsWith('_BYTES') && unit !== undefined
    ? `${value} (${Number(value) / unit[1]} ${unit[0]})`
    : String(value)
}

/** Every setting as its schema describes it. */
export function settings(): Setting[] {
  const { properties = {} } = z.toJSONSchema(Settings, { io: 'input' })
  return Object.entries(properties as Record<string, Described>).map(([name, it]) => ({
    name,
    description: it.description ?? '',
    fallback: it.computed ?? readable(name, it.default),
  }))
}

/** The settings as a table for README.md. */
export function settingsTable(): string {
  const rows = settings().map(
    ({ name, description, fallback }) =>
      `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${description} |`,
  )
  return ['| setting | default | meaning |', '|---|---|---|', ...rows].join('\n')
}

/** The settings as .env.example holds them: each commented out with its default. */
export function envExample(): string {
  const entries = settings().map(({ name, description, fallback }) => {
    const value = /^[^ ]+( \(.*\))?$/.test(fallback) ? fallback.split(' ')[0] : ''
    const note = value === '' && fallback !== '' ? ` (default: ${fallback})` : ''
    return `# ${description}${note}\n#${name}=${value}\n`
  })
  const head = '# Copy to .env and uncomment what you want to change. README.md explains each.\n'
  return [head, ...entries].join('\n')
}

const TABLE = /(<!-- settings -->\n)[\s\S]*?(<!-- \/settings -->)/

/** Puts the current table of settings between its marks in a Markdown text. Throws when the marks are missing. */
export function withSettingsTable(markdown: string): string {
  if (!TABLE.test(markdown)) throw new Error('the text has no <!-- settings --> marks')
  return markdown.replace(
    TABLE,
    (_all, before, after) => `${before}\n${settingsTable()}\n\n${after}`,
  )
}
