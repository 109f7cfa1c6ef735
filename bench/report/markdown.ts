import type { Goal, Section, Table } from './section.js'

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** Writes a table in markdown; all columns but the first are numbers and go right. */
export function markdownTable({ title, columns, rows }: Table): string {
  const rule = columns.map((_column, index) => (index === 0 ? '---' : '---:'))
  return [`**${title}**`, '', row(columns), `|${rule.join('|')}|`, ...rows.map(row)].join('\n')
}

/** Writes what was promised and what was found. */
export function goalTable(goals: readonly Goal[]): string {
  const rows = goals.map(({ text, measured, met }) => [text, measured, met ? 'met' : '**not met**'])
  return [row(['goal', 'measured', '']), '|---|---:|---|', ...rows.map(row)].join('\n')
}

/** Writes a section, with its plots as images below `plotFolder`. */
export function markdownSection(section: Section, plotFolder: string): string {
  const plots = section.plots.map(({ name, title }) => `![${title}](${plotFolder}/${name}.svg)`)
  return [
    `### ${section.title}`,
    section.text,
    ...section.tables.map(markdownTable),
    ...(section.goals.length > 0 ? [goalTable(section.goals)] : []),
    ...plots,
  ].join('\n\n')
}
