import { existsSync } from 'node:fs'
import { readKeyFile } from '../access/key-source.js'
import { type Config, loadConfig, settingWarnings } from '../config.js'
import { chooseDefaultModel } from '../default-model.js'
import { planMemory } from '../memory-plan.js'
import { ModelRepository } from '../repository/model-repository.js'
import { describePlaces, runsEmbedded, ServerChoice, serverWarnings } from '../server-choice.js'
import { parseTarget } from '../serving/target.js'
import { readTelemetrySettings } from '../telemetry/settings.js'
import { readTls, tlsFilesOf } from '../tls.js'
import { readUpstreamTls } from '../upstream-tls.js'

/** Reads the settings with every check that can be made before anything is started. Throws one error with all problems. */
export function loadServeConfig(env: NodeJS.ProcessEnv): Config {
  return loadConfig(env, {
    TF_SERVING_TARGET: parseTarget,
    OIP_TARGET: parseTarget,
    API_KEYS_FILE: readKeyFile,
  })
}

/** What a start does not fail for, but is seldom meant: misspelt settings, and a model repository that is named and missing. */
export function startWarnings(env: NodeJS.ProcessEnv): string[] {
  const warnings = settingWarnings(env)
  const repository = env.MODEL_REPOSITORY
  if (repository && !existsSync(repository)) {
    warnings.push(`MODEL_REPOSITORY: there is no folder ${repository}, so no model cards are read`)
  }
  return warnings
}

/** Reads the model repository, and gives what it holds and what the log would say. */
async function readRepository(config: Config) {
  const warnings: string[] = []
  const problems: string[] = []
  const noteIn = (list: string[]) => (facts: object, message: string) => {
    const { file, field, reason } = facts as Partial<Record<string, string>>
    // Most reasons begin with file and field already.
    const where = reason?.startsWith(file ?? '') ? [] : [file, field]
    list.push([message, ...where, reason].filter((text) => text !== undefined).join(': '))
  }
  const directory = config.modelRepository
  const log = { info: () => {}, warn: noteIn(warnings), error: noteIn(problems) }
  const models = await ModelRepository.open({ directory, includeDemo: false, log })
  await models.close()
  return { models, warnings, problems }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/**
 * Checks everything that a start depends on and that can be known without one: the settings, how the memory is shared, the
 * certificates, the model repository, the choice of the default model. Gives what it found, in lines; throws one error with all problems.
 * Nothing listens, and no model server is asked (`doctor` does that).
 */
export async function checkStart(env: NodeJS.ProcessEnv): Promise<string[]> {
  const config = loadServeConfig(env)
  const { models, warnings, problems } = await readRepository(config)
  const cards = models.cards()
  const embedded = runsEmbedded(config, models)
  const places = new ServerChoice(config, models, embedded ? 'localhost:8500' : undefined).all()
  let defaultModel = ''
  const checks = [
    () => readTelemetrySettings(env),
    () => planMemory(config, embedded),
    () => readTls(tlsFilesOf(config)),
    () => readUpstreamTls(config),
    () => {
      defaultModel = chooseDefaultModel(config, cards, embedded)
    },
  ]
  for (const check of checks) {
    try {
      check()
    } catch (error) {
      problems.push(messageOf(error))
    }
  }
  if (problems.length > 0) {
    throw new Error(['The gateway cannot start as it should:', ...problems].join('\n  '))
  }
  return [
    ...startWarnings(env).map((text) => `warning: ${text}`),
    ...[...warnings, ...serverWarnings(config, models)].map((text) => `warning: ${text}`),
    'The settings are valid.',
    `address:          ${config.host}:${config.port}`,
    `model server:     ${describePlaces(places)}`,
    `model repository: ${config.modelRepository}, ${cards.length} card${cards.length === 1 ? '' : 's'}`,
    `default model:    ${defaultModel}`,
  ]
}
