import { resolve } from 'node:path'
import type { Resizer } from '../export/resizer.js'
import type { TensorSummary } from '../export/written-version.js'
import type { ExportReport } from './export-run.js'
import { formatBytes, formatMs, formatShape, formatTable, wrapText } from './terminal.js'

/** Words what an export found and did, and how to serve it, for the person at the terminal. */
export function exportSummary(report: ExportReport): string {
  const { request, published, ms } = report
  const notes = [...report.notes, ...placeNotes(report)]
  return [
    `Exported ${request.name}, version ${published.version}, in ${formatMs(ms)}`,
    '',
    ...formatTable(rows(report)),
    ...(notes.length === 0 ? [] : ['', ...notes.flatMap((note) => wrapText(note, '! '))]),
    '',
    ...servingLines(report),
  ].join('\n')
}

function rows(report: ExportReport): [string, string][] {
  const { written, facts, published, card, config, configFile, warmUp } = report
  return [
    ['source', report.source],
    ['version', `${published.directory}  (${formatBytes(written.bytes + (warmUp?.bytes ?? 0))})`],
    ['input', inputText(written.input)],
    ['outputs', written.signature.outputs.map(({ name }) => name).join(', ')],
    [
      'weights',
      written.variables === 0 ? 'constants of the graph' : `${written.variables} variables`,
    ],
    ['resizer', resizerText(facts.resizer, written.input)],
    ['labels', labelsText(report)],
    [
      'warm-up',
      warmUp === undefined
        ? 'none'
        : `${warmUp.records} ${warmUp.records === 1 ? 'request' : 'requests'}, ${formatBytes(warmUp.bytes)}`,
    ],
    ['card', `${card.file}  (${cardText(card)})`],
    [
      'config',
      `${configFile}  (${config.kind === 'added' ? 'model added' : 'model was listed already'})`,
    ],
  ]
}

function inputText({ name, dtype, shape }: TensorSummary): string {
  const form = dtype === 'DT_STRING' ? ', encoded images' : shape?.length === 4 ? ', pixels' : ''
  return `${name}: ${dtype} ${formatShape(shape)}${form}`
}

function resizerText(resizer: Resizer | undefined, { shape }: TensorSummary): string {
  if (resizer === undefined) {
    const [, height = -1, width = -1] = shape?.length === 4 ? shape : []
    return height > 0 && width > 0 ? `none, the input is ${height} x ${width}` : 'none found'
  }
  if (resizer.kind === 'fixed') return `${resizer.size[0]} x ${resizer.size[1]} (height x width)`
  return `keeps the aspect, short side ${resizer.minSide}, long side at most ${resizer.maxSide}`
}

function labelsText({ card, facts }: ExportReport): string {
  const count = facts.card.labels?.size ?? 0
  if (card.written.includes('labels')) {
    return `${count} ${count === 1 ? 'class' : 'classes'}, from ${facts.labelsFrom}`
  }
  return card.hasLabels ? 'those on the card' : 'none'
}

function cardText({ created, written }: ExportReport['card']): string {
  if (created) return 'created'
  return written.length === 0 ? 'kept as it is' : `kept, added ${written.join(', ')}`
}

function placeNotes({
  request,
  published,
  card,
  config,
  facts,
  leftovers,
}: ExportReport): string[] {
  const notes = card.kept.map(
    ({ field, card: theirs, model }) =>
      `The card keeps its own ${field}: ${theirs}. This version would have ${model}`,
  )
  if (!card.hasLabels) notes.unshift(facts.labelsAdvice)
  if (published.replaced) {
    notes.push(
      `Version ${published.version} was replaced. A TF-Serving that has loaded it goes on with the old one until it is ` +
        'restarted; a new version number needs no restart',
    )
  }
  if (leftovers.length > 0) {
    notes.push(`Removed what an export that was killed had left: ${leftovers.join(', ')}`)
  }
  return [...notes, ...configNotes(request, published.version, config)]
}

function configNotes(
  { name, basePath }: ExportReport['request'],
  version: string,
  config: ExportReport['config'],
): string[] {
  if (config.kind === 'added') return []
  const { versionPolicy, basePath: listed } = config.entry
  const notes: string[] = []
  if (listed !== `${basePath}/${name}`) {
    notes.push(`models.config keeps its own base_path for ${name}: ${listed ?? 'none'}`)
  }
  if (versionPolicy.kind === 'specific' && !versionPolicy.versions.includes(version)) {
    notes.push(
      `models.config serves only versions ${versionPolicy.versions.join(', ')} of ${name}: add ${version} to its policy`,
    )
  }
  return notes
}

/** TF-Serving in its container sees the repository at the base path. */
function servingLines({ request: { name, basePath, repository } }: ExportReport): string[] {
  // Named, since a repository with a second model leaves the choice open.
  const model = `MODEL_REPOSITORY=${shellWord(repository)} DEFAULT_MODEL=${shellWord(name)}`
  const gateway = `  TF_SERVING_TARGET=localhost:8500 ${model} npm start`
  if (!basePath.startsWith('/')) {
    return [`Copy ${repository} to ${basePath}, where models.config expects it, then serve it`]
  }
  return [
    'Serve it (a server that polls models.config picks it up by itself):',
    `  docker run --rm -p 8500:8500 -v ${shellWord(`${resolve(repository)}:${basePath}`)} tensorflow/serving \\`,
    `    --model_config_file=${basePath}/models.config --model_config_file_poll_wait_seconds=10`,
    gateway,
  ]
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
