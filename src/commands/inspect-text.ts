import type { GraphInspection } from '../export/graph-inspection.js'
import type { Inspection, VariableSummary } from '../export/inspect.js'
import type { Resizer } from '../export/resizer.js'
import type { SignatureSummary, TensorSummary } from '../export/written-version.js'
import { answerNote } from './inspect-answer.js'
import { trainingRows } from './inspect-training-text.js'
import { formatBytes, formatShape, formatTable, wrapText } from './terminal.js'

/** The most variables that are listed for people; `--json` has all. */
const LISTED_VARIABLES = 8
const LISTED_OPS = 12

const KINDS: Readonly<Record<Inspection['kind'], string>> = {
  'saved-model': 'SavedModel',
  'frozen-graph': 'Frozen graph',
  checkpoint: 'Checkpoint',
}

/** Words an inspection for people, in tables. */
export function inspectionText(inspection: Inspection): string {
  const { kind, path, signatures, variables, graph, problems } = inspection
  const title = inspection.training === null ? KINDS[kind] : 'Training checkpoint'
  return [
    `${title} ${path}`,
    '',
    ...formatTable(overview(inspection)),
    ...signatures.flatMap((signature) => signatureLines(signature, kind)),
    ...answerLines(signatures),
    ...variableLines(variables),
    ...placeholderLines(inspection),
    ...(graph === null ? [] : opLines(graph)),
    ...verdict(problems),
  ].join('\n')
}

function overview(inspection: Inspection): [string, string][] {
  const { tensorflowVersion, tags, graph, training, variables } = inspection
  const rows: [string, string][] = []
  if (tensorflowVersion !== null) rows.push(['written by', `TensorFlow ${tensorflowVersion}`])
  if (tags.length > 0)
    rows.push(['tags', tags.map((names) => names.join(', ') || 'none').join('; ')])
  rows.push(['graph', graph === null ? 'none' : graphText(graph)])
  rows.push(['weights', weightsText(graph, variables)])
  if (training !== null) rows.push(...trainingRows(training))
  if (graph !== null) {
    rows.push(['resizer', resizerText(graph.resizer)])
    rows.push(['classes', graph.classes === null ? 'not told by the graph' : String(graph.classes)])
  }
  return rows
}

function graphText({ nodes, functions, producer }: GraphInspection): string {
  const parts = [`${nodes} nodes`]
  if (functions > 0) parts.push(`${functions} functions`)
  if (producer > 0) parts.push(`graph format ${producer}`)
  return parts.join(', ')
}

function weightsText(graph: GraphInspection | null, variables: readonly VariableSummary[]): string {
  const parts: string[] = []
  if (variables.length > 0) {
    parts.push(`${variables.length} variables, ${formatBytes(sumBytes(variables))}`)
  }
  if (graph !== null && graph.constants.count > 0) {
    parts.push(`${graph.constants.count} constants, ${formatBytes(graph.constants.bytes)}`)
  }
  return parts.join('; ') || 'none'
}

function sumBytes(variables: readonly VariableSummary[]): number {
  return variables.reduce((sum, { bytes }) => sum + bytes, 0)
}

function resizerText(resizer: Resizer | null): string {
  if (resizer === null) return 'none found'
  if (resizer.kind === 'fixed') {
    return `to ${resizer.size[0]} x ${resizer.size[1]} (height x width)`
  }
  return `keeps the aspect, short side ${resizer.minSide}, long side at most ${resizer.maxSide}`
}

function signatureLines(
  { name, method, inputs, outputs }: SignatureSummary,
  kind: Inspection['kind'],
): string[] {
  const how = kind === 'saved-model' ? method : 'as export will write it'
  const row = (side: string) => (tensor: TensorSummary) => [
    side,
    tensor.name,
    tensor.dtype,
    formatShape(tensor.shape),
    tensor.tensor,
  ]
  const hasMasks = outputs.some((output) => output.name === 'detection_masks')
  return [
    '',
    `Signature ${name}${how === '' ? '' : ` (${how})`}`,
    ...formatTable([...inputs.map(row('in')), ...outputs.map(row('out'))]),
    ...(hasMasks ? ['  The gateway never fetches detection_masks: they can be gigabytes.'] : []),
  ]
}

function answerLines(signatures: readonly SignatureSummary[]): string[] {
  const lines = answerNote(signatures).flatMap((note) => wrapText(note, '  '))
  return lines.length === 0 ? [] : ['', 'Answers', ...lines]
}

function variableLines(variables: readonly VariableSummary[]): string[] {
  if (variables.length === 0) return []
  const largest = [...variables].sort((a, b) => b.bytes - a.bytes).slice(0, LISTED_VARIABLES)
  const title = variables.length > LISTED_VARIABLES ? 'Largest variables' : 'Variables'
  return [
    '',
    title,
    ...formatTable(
      largest.map(({ name, dtype, shape, bytes }) => [
        formatBytes(bytes),
        dtype,
        formatShape(shape),
        name,
      ]),
    ),
  ]
}

function opLines({ ops, opNotes }: GraphInspection): string[] {
  const shown = ops.slice(0, LISTED_OPS).map(({ op, count }) => `${op} ${count}`)
  const more = ops.length - shown.length
  const list = (more > 0 ? [...shown, `${more} more`] : shown).join(', ')
  const notes = opNotes.map(({ op, note }) => `  ! ${op} ${note}`)
  return ['', 'Ops', ...wrapText(list, '  '), ...notes]
}

/** The inputs of signatures are told already. */
function placeholderLines({ graph, signatures }: Inspection): string[] {
  const told = new Set(signatures.flatMap(({ inputs }) => inputs.map(({ tensor }) => tensor)))
  const others = (graph?.placeholders ?? []).filter(({ name }) => !told.has(`${name}:0`))
  if (others.length === 0) return []
  const rows = others.map(({ name, dtype, shape }) => [name, dtype, formatShape(shape)])
  return ['', signatures.length > 0 ? 'Other placeholders' : 'Placeholders', ...formatTable(rows)]
}

function verdict(problems: readonly string[]): string[] {
  if (problems.length === 0) return ['', '✓ can be exported']
  return [
    '',
    '✗ cannot be exported as it is',
    ...problems.flatMap((problem) => wrapText(problem, '  ')),
  ]
}
