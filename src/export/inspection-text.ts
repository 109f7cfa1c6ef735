import type { GraphInspection } from './graph-inspection.js'
import type { Inspection } from './inspect.js'
import type { Resizer } from './resizer.js'
import type { SignatureSummary, TensorSummary } from './written-version.js'

/** The most ops and variables that are listed for people; `--json` has all. */
const LISTED = 10

const KINDS: Readonly<Record<Inspection['kind'], string>> = {
  'saved-model': 'SavedModel',
  'frozen-graph': 'frozen graph',
  checkpoint: 'checkpoint',
}

/** Words an inspection for people, a line each. */
export function inspectionText(inspection: Inspection): string {
  const { kind, path, signatures, tensorflowVersion, tags } = inspection
  const written = kind === 'saved-model' ? 'signature' : 'signature (as export writes it)'
  return [
    `${path}: ${KINDS[kind]}`,
    ...(tensorflowVersion === null ? [] : [`written by: TensorFlow ${tensorflowVersion}`]),
    ...tags.map((names) => `tags: ${names.join(', ') || 'none'}`),
    ...signatures.flatMap((signature) => signatureLines(written, signature)),
    ...variableLines(inspection),
    ...(inspection.graph === null ? ['graph: none'] : graphLines(inspection.graph)),
    ...problemLines(inspection.problems),
  ].join('\n')
}

function signatureLines(title: string, { name, inputs, outputs, method }: SignatureSummary) {
  return [
    `${title}: ${name}${method === '' ? '' : ` (${method})`}`,
    ...inputs.map((tensor) => `  input  ${tensorText(tensor)}`),
    ...outputs.map((tensor) => `  output ${tensorText(tensor)}`),
    ...(outputs.some(({ name: output }) => output === 'detection_masks')
      ? ['  detection_masks is never fetched by the gateway: it can be gigabytes']
      : []),
  ]
}

function tensorText({ name, tensor, dtype, shape }: TensorSummary): string {
  return `${name}: ${dtype} ${shapeText(shape)} (${tensor})`
}

function shapeText(shape: readonly number[] | null): string {
  if (shape === null) return '[...]'
  return `[${shape.map((size) => (size < 0 ? '?' : size)).join(', ')}]`
}

function variableLines({ variables }: Inspection): string[] {
  if (variables.length === 0) return ['variables: none']
  const bytes = variables.reduce((sum, variable) => sum + variable.bytes, 0)
  const largest = [...variables].sort((a, b) => b.bytes - a.bytes).slice(0, LISTED)
  return [
    `variables: ${variables.length}, ${sizeText(bytes)}; the largest:`,
    ...largest.map(
      ({ name, dtype, shape, bytes: size }) =>
        `  ${name}: ${dtype} ${shapeText(shape)}, ${sizeText(size)}`,
    ),
  ]
}

function graphLines(graph: GraphInspection): string[] {
  const { constants, functions, nodes, ops, placeholders, producer } = graph
  const shown = ops.slice(0, LISTED).map(({ op, count }) => `${op} ${count}`)
  return [
    `graph: ${nodes} nodes, ${functions} functions${producer === 0 ? '' : `, format ${producer}`}`,
    `constants: ${constants.count}, ${sizeText(constants.bytes)}`,
    ...placeholders.map(
      ({ name, dtype, shape }) => `placeholder: ${name}: ${dtype} ${shapeText(shape)}`,
    ),
    ...(graph.devices.length === 0 ? [] : [`pinned to devices: ${graph.devices.join(', ')}`]),
    `resizer: ${resizerText(graph.resizer)}`,
    `classes: ${graph.classes ?? 'not told by the graph'}`,
    `ops: ${shown.join(', ')}${ops.length > LISTED ? `, and ${ops.length - LISTED} more` : ''}`,
    ...graph.opNotes.map(({ op, note }) => `  ${op} ${note}`),
  ]
}

function resizerText(resizer: Resizer | null): string {
  if (resizer === null) return 'none found'
  if (resizer.kind === 'fixed')
    return `fixed, ${resizer.size[0]} x ${resizer.size[1]} (height x width)`
  return `keeps the aspect ratio, sides from ${resizer.minSide} to ${resizer.maxSide}`
}

function problemLines(problems: readonly string[]): string[] {
  if (problems.length === 0) return ['can be exported: yes']
  return ['can be exported: no', ...problems.map((problem) => `  ${problem}`)]
}

function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KiB`
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`
}
