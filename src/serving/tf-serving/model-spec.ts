import { GatewayError } from '../../errors.js'
import type { ModelSelector } from '../model-server.js'
import { Int64Value, ModelSpec } from './stubs.js'

/**
 * Makes the ModelSpec of a selector.
 *
 * @throws {GatewayError} `invalid_parameter` for a version that is no number, and `version_not_found` for one beyond
 * 2^53 - 1: the message class of `google.protobuf.Int64Value` holds a JavaScript number and would ask for another version.
 */
export function toModelSpec(selector: ModelSelector, signature?: string): ModelSpec {
  const spec = new ModelSpec()
  spec.setName(selector.model)
  if (signature !== undefined) spec.setSignatureName(signature)
  if (selector.version !== undefined) {
    const value = new Int64Value()
    value.setValue(toVersionNumber(selector))
    spec.setVersion(value)
  } else if (selector.versionLabel !== undefined) {
    spec.setVersionLabel(selector.versionLabel)
  }
  return spec
}

/** Gives the version that an answer names, or the one asked for where it names none. */
export function fromModelSpec(spec: ModelSpec | undefined, selector: ModelSelector): string {
  if (selector.version !== undefined) return selector.version
  const version = spec?.getVersion()?.getValue()
  return version === undefined ? '' : String(version)
}

function toVersionNumber({ model, version }: ModelSelector): number {
  const number = Number(version)
  if (!/^\d+$/.test(version ?? '')) {
    const message = 'must be a version number, a decimal integer that is not negative'
    throw new GatewayError('invalid_parameter', `"version" ${message}`, {
      fields: [{ field: 'version', message }],
    })
  }
  if (Number.isSafeInteger(number)) return number
  throw new GatewayError(
    'version_not_found',
    `Version "${version}" of model "${model}" cannot be asked for: expected a whole number up to ` +
      `${Number.MAX_SAFE_INTEGER}, or a version label`,
  )
}
