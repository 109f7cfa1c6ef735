import { GatewayError } from '../errors.js'
import type { ModelSelector, ModelState, ModelVersionStatus } from './model-server.js'

const COMING_OR_GOING: readonly ModelState[] = ['START', 'LOADING', 'UNLOADING']

/**
 * Says why the server has nothing to answer with for a selector, from the states of all versions of the model, or
 * null when it has: then something else was not found. `cause` is the status of the call.
 */
export function toUnservedError(
  selector: ModelSelector,
  versions: readonly ModelVersionStatus[],
  cause: unknown,
): GatewayError | null {
  if (versions.length === 0) return modelNotFound(selector.model, cause)
  const { version, versionLabel } = selector
  const candidates =
    version === undefined ? versions : versions.filter((it) => isSameVersion(it.version, version))
  const busy = candidates.find(({ state }) => COMING_OR_GOING.includes(state))
  const failed = candidates.find(({ state, message }) => state === 'END' && message !== '')
  const available = candidates.find(({ state }) => state === 'AVAILABLE')
  if (available !== undefined && versionLabel === undefined) return null
  if (available === undefined && busy !== undefined) return notReady(words(selector, busy), cause)
  if (available === undefined && failed !== undefined) {
    return notReady(words(selector, failed), withMessage(failed, cause))
  }
  if (version === undefined && versionLabel === undefined)
    return modelNotFound(selector.model, cause)
  return versionNotFound(selector, versions, cause)
}

/** Versions are text; those that are whole numbers count as such. */
function isSameVersion(one: string, other: string): boolean {
  const isNumber = (text: string) => /^-?\d+$/.test(text)
  return one === other || (isNumber(one) && isNumber(other) && BigInt(one) === BigInt(other))
}

/** Says that the server does not know a model by this name. */
export function modelNotFound(model: string, cause: unknown): GatewayError {
  return new GatewayError(
    'model_not_found',
    `The model server serves no model "${model}"; GET /v1/models lists those that are known`,
    { cause },
  )
}

/** Says that a model was not found although the server has it: its versions, or its servers, are being exchanged. */
export function changingVersions({ model }: ModelSelector, cause: unknown): GatewayError {
  return notReady(`Model "${model}" is changing versions; try again`, cause)
}

function versionNotFound(
  { model, version, versionLabel }: ModelSelector,
  versions: readonly ModelVersionStatus[],
  cause: unknown,
): GatewayError {
  const served = versions
    .filter(({ state, version: name }) => state === 'AVAILABLE' && name !== '')
    .map((each) => each.version)
  const asked =
    versionLabel === undefined ? `version ${version}` : `version label "${versionLabel}"`
  const instead = served.length === 0 ? 'none is' : `${served.slice(0, 10).join(', ')} can be`
  return new GatewayError(
    'version_not_found',
    `Model "${model}" has no ${asked} that is served; of its versions ${instead} asked for`,
    { cause },
  )
}

function words({ model }: ModelSelector, { version, state }: ModelVersionStatus): string {
  const name = version === '' ? `Model "${model}"` : `Version ${version} of model "${model}"`
  if (state === 'UNLOADING') return `${name} is being unloaded (UNLOADING)`
  if (state === 'END') return `${name} failed to load (END); the reason is in the gateway log`
  return `${name} is still being loaded (${state}); try again`
}

function notReady(detail: string, cause: unknown): GatewayError {
  return new GatewayError('model_not_ready', detail, { cause })
}

function withMessage({ version, message }: ModelVersionStatus, cause: unknown): Error {
  return new Error(`Version ${version} ended: ${message}`, { cause })
}
