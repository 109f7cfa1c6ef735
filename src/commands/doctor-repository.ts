import { join } from 'node:path'
import { exists } from '../export/repository/atomic-file.js'
import { listVersions } from '../export/repository/versions.js'
import { ModelRepository, type RepositoryLog } from '../repository/model-repository.js'
import type { Findings } from './doctor-findings.js'

const SUBJECT = 'repository'

/** Says what the repository says of its broken files, as findings. */
function findingLog(findings: Findings): RepositoryLog {
  const text = (facts: object) =>
    'reason' in facts && typeof facts.reason === 'string' ? facts.reason : JSON.stringify(facts)
  const place = (facts: object) =>
    'file' in facts && 'field' in facts && facts.field !== undefined
      ? `${facts.file}: ${facts.field}: `
      : ''
  return {
    info: () => {},
    warn: (facts, message) =>
      findings.warn(SUBJECT, `${place(facts)}${text(facts)}`, `The gateway says: ${message}`),
    error: (facts) =>
      findings.fail(SUBJECT, text(facts), 'Mend the file; the gateway picks it up by itself'),
  }
}

/**
 * Reads a model repository as the gateway does and tells what is wrong with its files. Whoever opens it closes it.
 */
export async function openRepository(
  directory: string,
  findings: Findings,
): Promise<ModelRepository> {
  const log = findingLog(findings)
  const models = await ModelRepository.open({ directory, includeDemo: false, log })
  if (!(await exists(directory))) {
    findings.warn(
      SUBJECT,
      `${directory} does not exist: no model has a card, so labels are null and pictures go out at up to 1024 pixels`,
      'Name it with --repository or MODEL_REPOSITORY; export makes one',
    )
    return models
  }
  const names = models.names()
  findings.ok(
    SUBJECT,
    names.length === 0
      ? `${directory} holds no models`
      : `${directory} holds ${names.length === 1 ? 'one model' : `${names.length} models`}: ${names.join(', ')}`,
  )
  for (const name of names) await checkEntry(directory, models, name, findings)
  return models
}

/** Tells where models.config and the versions on the disk do not agree. */
async function checkEntry(
  directory: string,
  models: ModelRepository,
  name: string,
  findings: Findings,
): Promise<void> {
  const configured = models.configured(name)
  const versions = await listVersions(join(directory, name))
  if (configured === undefined) {
    if (versions.length === 0 || !(await exists(join(directory, 'models.config')))) return
    findings.warn(
      SUBJECT,
      `${name} has versions and a card, but no entry in models.config`,
      'A TensorFlow Serving that reads models.config does not serve it: add a config with its name and base_path',
    )
    return
  }
  if (versions.length === 0) {
    findings.fail(
      SUBJECT,
      `models.config lists ${name}, and ${join(directory, name)} has no version`,
      'An entry without a version blocks every later reload of TensorFlow Serving: export a version, or take the entry out',
    )
    return
  }
  const { versionPolicy } = configured
  if (versionPolicy.kind !== 'specific') return
  const newest = String(versions.at(-1))
  if (versionPolicy.versions.includes(newest)) return
  findings.warn(
    SUBJECT,
    `models.config pins ${name} to ${versionPolicy.versions.join(', ')}; its newest version is ${newest}`,
    'Add the version to model_version_policy when it is to be served',
  )
}
