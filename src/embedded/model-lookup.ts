import { status } from '@grpc/grpc-js'
import { DEFAULT_SIGNATURE, type ServedModel, type ServedSignature } from './served-model.js'
import { invalidArgument, StatusError } from './status-error.js'
import { Int64Value, ModelSpec } from './stubs.js'

/** The version of a model that a request means. */
export interface FoundModel {
  readonly model: ServedModel
  readonly version: string
  readonly signatures: readonly ServedSignature[]
}

/**
 * Finds the AVAILABLE version that a ModelSpec means, the newest when it names none. Throws what TensorFlow Serving
 * answers otherwise: loading, ended and unknown versions are all NOT_FOUND.
 */
export function findModel(models: readonly ServedModel[], spec: ModelSpec | undefined): FoundModel {
  const { name, version } = requestedVersion(models, requireSpec(spec))
  const model = models.find((candidate) => candidate.name === name)
  const available = newestFirst(model?.versions ?? []).filter(
    (candidate) => candidate.state === 'AVAILABLE',
  )
  const found = version === undefined ? available[0] : available.find((v) => v.version === version)
  if (model === undefined || found === undefined) {
    const wanted = version === undefined ? `Latest(${name})` : `Specific(${name}, ${version})`
    throw new StatusError(status.NOT_FOUND, `Servable not found for request: ${wanted}`)
  }
  return { model, version: found.version, signatures: found.signatures ?? model.signatures }
}

/** Refuses a request without a ModelSpec. */
export function requireSpec(spec: ModelSpec | undefined): ModelSpec {
  if (spec === undefined) throw invalidArgument('Missing ModelSpec')
  return spec
}

/** The version number of a ModelSpec in decimal, or undefined when it names none or a label. */
export function versionNumber(spec: ModelSpec): string | undefined {
  const value = spec.getVersion()?.getValue()
  return value === undefined ? undefined : String(value)
}

/** The name of the signature that a ModelSpec means. */
export function signatureName(spec: ModelSpec): string {
  return spec.getSignatureName() || DEFAULT_SIGNATURE
}

/** The ModelSpec of an answer: the version that answered, and the signature where the method has one. */
export function answeredSpec({ model, version }: FoundModel, signature = ''): ModelSpec {
  const number = new Int64Value()
  number.setValue(Number(version))
  const spec = new ModelSpec()
  spec.setName(model.name)
  spec.setVersion(number)
  spec.setSignatureName(signature)
  return spec
}

/** Versions in the order in which TensorFlow Serving lists them: by number, the highest first. */
export function newestFirst<V extends { readonly version: string }>(versions: readonly V[]): V[] {
  return versions.toSorted((a, b) => Number(BigInt(b.version) - BigInt(a.version)))
}

function requestedVersion(models: readonly ServedModel[], spec: ModelSpec) {
  const name = spec.getName()
  if (name === '') throw invalidArgument('ModelSpec has no name specified.')
  if (!spec.hasVersionLabel()) return { name, version: versionNumber(spec) }
  const label = spec.getVersionLabel()
  const labels = models.find((model) => model.name === name)?.labels ?? {}
  const version = Object.hasOwn(labels, label) ? labels[label] : undefined
  if (version === undefined) {
    throw invalidArgument(`Unrecognized servable version label: ${label}`)
  }
  return { name, version }
}
