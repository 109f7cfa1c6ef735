import { parseArgs } from 'node:util'
import { type Config, loadConfig } from '../config.js'
import { DEMO_MODEL } from '../repository/demo-card.js'
import { SERVER_PROTOCOLS, type ServerProtocol } from '../repository/model-card.js'
import type { ModelRepository } from '../repository/model-repository.js'
import { ServerChoice } from '../server-choice.js'
import { ModelServers } from '../serving/model-servers.js'
import { Upstream } from '../serving/upstream.js'
import { readUpstreamTls } from '../upstream-tls.js'
import { Findings, findingsText, type ModelMeasurement } from './doctor-findings.js'
import { checkModel } from './doctor-model.js'
import { openRepository } from './doctor-repository.js'
import { checkServers, serversOf } from './doctor-servers.js'

const HELP = `Usage: detection-gateway doctor [OPTIONS]

Connects to the model servers that settings and cards name and tells what fits the gateway and what does not: reachable,
models and versions, signatures, labels, size of answers, warm-up. Reads the gateway's settings from the environment. The
exit status is 1 when something does not work.

  --target HOST:PORT       gRPC address of the models whose card names no server
                           (default: TF_SERVING_TARGET, else OIP_TARGET, else localhost:8500)
  --protocol NAME          what it speaks: tf-serving (default) or oip, the Open Inference Protocol
  --model NAME             look at this model only; may be repeated
                           (default: those of cards, models.config and DEFAULT_MODEL)
  --repository DIRECTORY   model repository (default: MODEL_REPOSITORY, else ./models)
  --photo FILE             try models with this photo; may be repeated (default: synthetic images)
  --timeout-ms N           time for each call (default: 30000)
  --json                   for machines
  --help                   show this text`

/** What the doctor is to look at. */
export interface DoctorOptions {
  /** gRPC address of the models whose card names no server; that of the settings unless given. */
  readonly target?: string | undefined
  /** What is spoken there; TensorFlow Serving's API unless given. */
  readonly protocol?: ServerProtocol | undefined
  /** All that are known where none is named. */
  readonly models: readonly string[]
  readonly photos: readonly string[]
  readonly timeoutMs: number
  readonly config: Config
}

/** What was found, and what to start TensorFlow Serving with. */
export interface Diagnosis {
  /** gRPC addresses that were asked, separated by commas. */
  readonly target: string
  readonly findings: Findings
  readonly measurements: readonly ModelMeasurement[]
  readonly suggestedFlags: readonly string[]
}

/** Above this, TensorFlow Serving is quicker with one block of bytes than with a list of numbers. */
const LARGE_ANSWER_BYTES = 256 * 1024

/** Runs the `doctor` command: sets the exit status to 1 when something does not work. */
export async function doctor(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      target: { type: 'string' },
      protocol: { type: 'string', default: 'tf-serving' },
      model: { type: 'string', multiple: true, default: [] },
      repository: { type: 'string' },
      photo: { type: 'string', multiple: true, default: [] },
      'timeout-ms': { type: 'string', default: '30000' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  const env = { ...process.env, ...(values.repository && { MODEL_REPOSITORY: values.repository }) }
  const config = loadConfig(env)
  const diagnosis = await diagnose({
    target: values.target,
    protocol: parseProtocol(values.protocol),
    models: values.model,
    photos: values.photo,
    timeoutMs: parseTimeout(values['timeout-ms']),
    config,
  })
  console.log(values.json ? toJson(diagnosis) : toText(diagnosis))
  if (diagnosis.findings.failed) process.exitCode = 1
}

function parseTimeout(text: string): number {
  const ms = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (ms > 0) return ms
  throw new Error(`--timeout-ms must be a whole number above 0, not ${JSON.stringify(text)}`)
}

function parseProtocol(text: string): ServerProtocol {
  const protocol = SERVER_PROTOCOLS.find((name) => name === text)
  if (protocol !== undefined) return protocol
  throw new Error(
    `--protocol must be ${SERVER_PROTOCOLS.join(' or ')}, not ${JSON.stringify(text)}`,
  )
}

/** Looks at servers, at a repository, and at each model in both. Throws for a target that cannot be read. */
export async function diagnose(options: DoctorOptions): Promise<Diagnosis> {
  const { config } = options
  const findings = new Findings()
  const upstream = new Upstream({
    maxResponseBytes: config.upstreamResponseMaxBytes,
    tls: readUpstreamTls(config),
  })
  try {
    const ofRepository = new Findings()
    const models = await openRepository(config.modelRepository, ofRepository)
    try {
      const choice = new ServerChoice(serversOf(options), models)
      const looked =
        options.models.length > 0 ? options.models : knownModels(models, config.defaultModel)
      const places = await checkServers(upstream, choice, looked, findings)
      findings.append(ofRepository)
      const there = looked.filter((name) => places.get(name)?.isThere)
      const server = new ModelServers(upstream, choice)
      const measurements = await checkModels(options, { server, choice, models }, there, findings)
      const target = [...new Set([...places.values()].map((it) => it.target))].join(', ')
      const onTf = (it: ModelMeasurement) => choice.of(it.model).protocol === 'tf-serving'
      return {
        target,
        findings,
        measurements,
        suggestedFlags: suggestFlags(models, measurements.filter(onTf)),
      }
    } finally {
      await models.close()
    }
  } finally {
    upstream.close()
  }
}

/** Where models are looked at. */
interface Surroundings {
  readonly server: ModelServers
  readonly choice: ServerChoice
  readonly models: ModelRepository
}

async function checkModels(
  { photos, timeoutMs, config }: DoctorOptions,
  { server, choice, models }: Surroundings,
  names: readonly string[],
  findings: Findings,
): Promise<ModelMeasurement[]> {
  const measurements: ModelMeasurement[] = []
  for (const name of names) {
    const measurement = await checkModel({
      server,
      protocol: choice.of(name).protocol,
      name,
      card: models.card(name),
      repository: config.modelRepository,
      photos,
      timeoutMs,
      maxResponseBytes: config.upstreamResponseMaxBytes,
      findings,
    })
    if (measurement !== undefined) measurements.push(measurement)
  }
  return measurements
}

/** TensorFlow Serving cannot list what it serves. */
function knownModels(models: ModelRepository, defaultModel: string | undefined): string[] {
  const names = new Set(models.names())
  if (defaultModel !== undefined) names.add(defaultModel)
  return names.size > 0 ? [...names].sort() : [DEMO_MODEL]
}

/** Flags cannot be asked for over gRPC: these are what a server for this repository should have. */
function suggestFlags(
  models: ModelRepository,
  measurements: readonly ModelMeasurement[],
): string[] {
  const flags: string[] = []
  if (models.names().some((name) => models.configured(name) !== undefined)) {
    flags.push(
      '--model_config_file=/models/models.config',
      '--model_config_file_poll_wait_seconds=10',
    )
    const hasLabels = models.names().some((name) => models.configured(name)?.versionLabels.size)
    if (hasLabels) flags.push('--allow_version_labels_for_unavailable_models=true')
  }
  if (measurements.some((it) => it.answer_bytes > LARGE_ANSWER_BYTES)) {
    flags.push('--enable_serialization_as_tensor_content=true')
  }
  return flags
}

function toText({ findings, suggestedFlags }: Diagnosis): string {
  const text = findingsText(findings.list)
  if (suggestedFlags.length === 0) return text
  return `${text}\n\nFlags that suit this repository (paths as TensorFlow Serving sees them):\n  ${suggestedFlags.join('\n  ')}`
}

function toJson({ target, findings, measurements, suggestedFlags }: Diagnosis): string {
  const { failed, list } = findings
  return JSON.stringify(
    { target, ok: !failed, findings: list, measurements, suggested_flags: suggestedFlags },
    null,
    2,
  )
}
