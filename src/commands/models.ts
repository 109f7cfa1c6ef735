import { parseArgs } from 'node:util'
import type { Model } from '../client/client.js'
import {
  chooseGateway,
  explainProblem,
  GATEWAY_HELP,
  GATEWAY_OPTIONS,
  openGateway,
} from './own-gateway.js'
import { formatShape, formatTable } from './terminal.js'
import { hasColours, TerminalStyle } from './terminal-style.js'

const HELP = `Usage: detection-gateway models [NAME] [OPTIONS]

Lists the models of a gateway; with NAME, the names of that model's classes.

${GATEWAY_HELP}
  --json                   as JSON, as the gateway answers it
  --help, -h               show this text`

/** The options of `models` as `parseArgs` takes them; completion reads them too. */
export const MODELS_OPTIONS = {
  ...GATEWAY_OPTIONS,
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

function describeInput({ input }: Model): string {
  if (input === null) return ''
  return input.kind === 'encoded' ? 'picture files' : `${input.dtype} ${formatShape(input.shape)}`
}

function toTable(models: readonly Model[], style: TerminalStyle): string {
  const head = ['MODEL', 'STATE', 'VERSIONS', 'LABELS', 'INPUT']
  const rows = models.map((model) => [
    model.default ? `${model.name} *` : model.name,
    model.state,
    model.versions.map(({ version }) => version).join(', '),
    String(model.label_count),
    describeInput(model),
  ])
  const [first, ...lines] = formatTable([head, ...rows], '')
  const reasons = models.filter(({ reason }) => reason !== null)
  return [
    style.bold(first!),
    ...lines,
    ...reasons.map(({ name, reason }) => style.red(`${name}: ${reason}`)),
    style.dim('* the default model'),
  ].join('\n')
}

/** Runs the `models` command. */
export async function models(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: MODELS_OPTIONS,
    allowPositionals: true,
  })
  if (values.help) return console.log(HELP)
  const [name, ...rest] = positionals
  if (rest.length > 0) throw new Error('Name one model, or none for the list')
  const choice = chooseGateway(values, process.env)
  const gateway = await openGateway(choice, process.env)
  try {
    if (name !== undefined) {
      const labels = await gateway.client.labels(name)
      const rows = labels.map((label) => [String(label.id), label.name])
      return console.log(
        values.json ? JSON.stringify({ labels }) : formatTable(rows, '').join('\n'),
      )
    }
    const found = await gateway.client.models()
    const style = new TerminalStyle(hasColours(process.stdout))
    console.log(values.json ? JSON.stringify({ models: found }) : toTable(found, style))
  } catch (error) {
    throw explainProblem(error, choice)
  } finally {
    await gateway.close()
  }
}
