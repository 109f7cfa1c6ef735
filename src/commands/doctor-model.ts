import { join } from 'node:path'
import { exists } from '../export/repository/atomic-file.js'
import { listVersions } from '../export/repository/versions.js'
import { warmUpPath } from '../export/warm-up.js'
import type { ModelCard } from '../repository/model-card.js'
import type { ModelServer, ModelVersionStatus, Signature } from '../serving/model-server.js'
import type { ServerPlace } from '../serving/model-servers.js'
import type { DetectionSignature } from '../tasks/detection/detection-signature.js'
import { completeSignature } from '../tasks/image/complete-signature.js'
import { type KnownModel, readModel } from '../tasks/model-task.js'
import { checkForm } from './doctor-answer.js'
import { checkCard, checkLabels } from './doctor-card.js'
import { type Findings, type ModelMeasurement, ofLimit } from './doctor-findings.js'
import { asGatewayError, type Probe, probeModel } from './doctor-probe.js'
import { SERVER_REMEDIES, type ServerRemedies } from './doctor-remedies.js'
import { explain } from './doctor-server.js'
import { tryTask } from './doctor-task.js'
import { formatBytes, formatMs, formatShape } from './terminal.js'

/** What a model is looked at with. */
export interface ModelCheck {
  readonly server: ModelServer
  /** What the server speaks. */
  readonly protocol: ServerPlace['protocol']
  readonly name: string
  readonly card: ModelCard | undefined
  /** The repository on this machine. */
  readonly repository: string
  readonly photos: readonly string[]
  readonly timeoutMs: number
  /** `UPSTREAM_RESPONSE_MAX_BYTES`. */
  readonly maxResponseBytes: number
  readonly findings: Findings
}

/** gRPC's own limit for answers, which clients that do not raise it run into. */
const GRPC_DEFAULT_BYTES = 4 * 1024 * 1024

/** A first call that takes this much more than the later ones is a cold model's. */
const COLD_FACTOR = 4
const COLD_MS = 150

/** Looks at one model from its state to its answers; what comes after the first failure cannot be looked at. */
export async function checkModel(check: ModelCheck): Promise<ModelMeasurement | undefined> {
  const served = await checkVersions(check)
  const known = served === undefined ? undefined : await checkSignature(check)
  if (known === undefined) return undefined
  checkCard(check, known.signature)
  if (known.task !== 'object-detection') {
    await refusing(check, `it does not do ${known.task}`, () => tryTask(check, known))
    return undefined
  }
  const signature = known.signature as DetectionSignature
  const probe = await tryModel(check, signature)
  if (probe === undefined) return undefined
  checkAnswer(check, probe)
  checkForm(check, signature, probe.form)
  checkLabels(check, probe.classIds)
  await checkWarmth(check, probe)
  return {
    model: check.name,
    version: probe.version,
    first_call_ms: Math.round(probe.firstMs * 10) / 10,
    later_call_ms: Math.round(probe.laterMs * 10) / 10,
    request_bytes: probe.requestBytes,
    answer_bytes: probe.answerBytes,
  }
}

/** Gives the newest version that answers; `undefined` when none does. */
async function checkVersions(check: ModelCheck): Promise<string | undefined> {
  const { server, name, findings } = check
  const remedies = remediesOf(check)
  let versions: readonly ModelVersionStatus[]
  try {
    versions = await server.status(name, deadline(check))
  } catch (error) {
    const named = asGatewayError(error)
    if (named.code === 'model_not_found') {
      const message = 'the server does not serve a model of this name'
      findings.fail(name, message, remedies.notServed)
    } else findings.fail(name, explain(named), remedies.tryAgain)
    return undefined
  }
  for (const { version, state, message } of versions) {
    if (state !== 'END' || message === '') continue
    findings.fail(name, `version ${version} could not be loaded: ${message}`, remedies.badVersion)
  }
  const available = versions.filter(({ state }) => state === 'AVAILABLE')
  const others = versions
    .filter(({ state }) => state !== 'AVAILABLE' && state !== 'END')
    .map(({ version, state }) => `version ${version} is ${state}`)
  const newest = available[0]?.version
  if (newest === undefined) {
    const states = others.join(', ') || 'all have ended'
    findings.fail(name, `no version is available: ${states}`, remedies.notAvailable)
    return undefined
  }
  const numbers = available.map(({ version }) => version).join(', ')
  const what =
    numbers === '' ? 'it is available, without versions' : `version ${numbers} is available`
  findings.ok(name, [what, ...others].join('; '))
  if (check.protocol === 'tf-serving') await checkNewest(check, newest)
  return newest
}

function remediesOf({ protocol }: ModelCheck): ServerRemedies {
  return SERVER_REMEDIES[protocol]
}

async function checkNewest(
  { repository, name, findings }: ModelCheck,
  served: string,
): Promise<void> {
  const newest = (await listVersions(join(repository, name))).at(-1)
  if (newest === undefined || newest <= Number(served)) return
  findings.warn(
    name,
    `version ${newest} is in ${repository} and is not served; ${served} is`,
    'It may be loading, or model_version_policy may leave it out, or TensorFlow Serving reads another folder',
  )
}

async function checkSignature(check: ModelCheck): Promise<KnownModel | undefined> {
  const { server, name, card, findings } = check
  try {
    const { signatures } = await server.metadata({ model: name }, deadline(check))
    const known = readModel(name, signatures, card)
    const signature = completeSignature(signatures.get(known.signature.name)!, card)
    findings.ok(name, signatureText(known, signature))
    if ('detection_masks' in signature.outputs) {
      findings.ok(name, 'detection_masks is left alone: the gateway never fetches masks')
    }
    return known
  } catch (error) {
    findings.fail(name, explain(asGatewayError(error)), remediesOf(check).noSignature)
    return undefined
  }
}

/** What is asked of the model, in words. */
function askedFor({ signature }: KnownModel): string {
  if (!('asking' in signature)) return `reads ${Object.values(signature.outputs).join(', ')}`
  const { asking } = signature
  if (asking.method === 'examples') return `takes tf.Examples with ${asking.feature}`
  const { outputs } = asking
  if (typeof outputs === 'string') return `reads ${outputs}`
  return `reads ${outputs.scores}${outputs.classes === undefined ? '' : `, ${outputs.classes}`}`
}

function signatureText(known: KnownModel, { inputs }: Signature): string {
  const { signature: read, task } = known
  const of = task === 'object-detection' ? '' : ` as one of ${task.replaceAll('-', ' ')}`
  const info = inputs[read.input]!
  const batch = read.maxBatch === 1 ? 'one image a call' : 'batches'
  return (
    `signature ${read.name} is understood${of}: ${read.input} ${info.dtype} ${formatShape(info.shape)}, ${batch}; ` +
    askedFor(known)
  )
}

function tryModel(check: ModelCheck, signature: DetectionSignature): Promise<Probe | undefined> {
  return refusing(check, 'it does not detect', () =>
    probeModel({ ...check, model: check.name, signature }),
  )
}

/** Runs a trial of the model; a failure is a finding. */
async function refusing<T>(
  check: ModelCheck,
  what: string,
  trial: () => Promise<T>,
): Promise<T | undefined> {
  const { name, findings } = check
  try {
    return await trial()
  } catch (error) {
    const named = asGatewayError(error)
    const { rejected, log } = remediesOf(check)
    const other = named.code === 'upstream_rejected' ? rejected : log
    findings.fail(name, `${what}: ${explain(named)}`, REMEDIES[named.code] ?? other)
    return undefined
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  upstream_response_too_large: 'Raise UPSTREAM_RESPONSE_MAX_BYTES',
  deadline_exceeded: 'Try again with a larger --timeout-ms, and set REQUEST_TIMEOUT_MS to suit',
}

function checkAnswer(
  { name, findings, maxResponseBytes }: ModelCheck,
  { requestBytes, answerBytes, firstMs, laterMs, version }: Probe,
): void {
  const subject = version === '' ? 'it' : `version ${version}`
  findings.ok(
    name,
    `${subject} detects: ${formatBytes(requestBytes)} out, first call ${formatMs(firstMs)}, then ${formatMs(laterMs)}`,
  )
  const size = `an answer takes ${ofLimit(answerBytes, maxResponseBytes)}`
  if (answerBytes > maxResponseBytes / 2) {
    findings.warn(name, size, 'A batch has several of these: raise UPSTREAM_RESPONSE_MAX_BYTES')
  } else if (answerBytes > GRPC_DEFAULT_BYTES) {
    findings.ok(
      name,
      `${size}; other clients need more than gRPC's ${formatBytes(GRPC_DEFAULT_BYTES)}`,
    )
  } else findings.ok(name, size)
}

async function checkWarmth(check: ModelCheck, { version, firstMs, laterMs }: Probe): Promise<void> {
  const { name, repository, findings, protocol } = check
  const isTf = protocol === 'tf-serving'
  if (isTf && (await exists(warmUpPath(join(repository, name, version))))) {
    findings.ok(name, `version ${version} has warm-up requests`)
  } else if (firstMs > COLD_MS && firstMs > COLD_FACTOR * laterMs) {
    findings.warn(
      name,
      `the first call took ${formatMs(firstMs)}, the next ones ${formatMs(laterMs)}: it was cold`,
      remediesOf(check).cold(name),
    )
  }
}

function deadline({ timeoutMs }: ModelCheck): { deadline: number } {
  return { deadline: Date.now() + timeoutMs }
}
