import { fieldsNamed, onlyField, toInteger, toMessage, toText } from './text-fields.js'
import { parseTextFormat, type TextField, type TextMessage } from './text-format.js'
import { inFile, TextSyntaxError } from './text-syntax-error.js'

/** Which versions of a model TF-Serving loads; versions are decimal int64. */
export type VersionPolicy =
  | { readonly kind: 'latest'; readonly count: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'specific'; readonly versions: readonly string[] }

/** One model of TF-Serving's configuration. */
export interface ConfiguredModel {
  readonly name: string
  /** The model's folder as TF-Serving sees it, `null` when the entry names none. */
  readonly basePath: string | null
  /** `latest` with one version unless the entry says otherwise, as in TF-Serving. */
  readonly versionPolicy: VersionPolicy
  /** Versions by version label. */
  readonly versionLabels: ReadonlyMap<string, string>
}

function optionalMessage(parent: TextMessage, name: string): TextMessage | undefined {
  const field = onlyField(parent, name)
  return field === undefined ? undefined : toMessage(field)
}

function toVersion(field: TextField): string {
  return toInteger(field).toString()
}

function readPolicy(model: TextMessage): VersionPolicy {
  const policy = optionalMessage(model, 'model_version_policy')
  const specific = policy && optionalMessage(policy, 'specific')
  if (specific !== undefined) {
    return { kind: 'specific', versions: fieldsNamed(specific, 'versions').map(toVersion) }
  }
  if (policy && onlyField(policy, 'all') !== undefined) return { kind: 'all' }
  const latest = policy && optionalMessage(policy, 'latest')
  const count = latest && onlyField(latest, 'num_versions')
  // TF-Serving serves at least one version: 0, the default of the field, counts as 1.
  return { kind: 'latest', count: (count && Number(toInteger(count))) || 1 }
}

function readLabel(field: TextField): [label: string, version: string] {
  const entry = toMessage(field)
  const key = onlyField(entry, 'key')
  const value = onlyField(entry, 'value')
  return [key === undefined ? '' : toText(key), value === undefined ? '0' : toVersion(value)]
}

function readModel(field: TextField): ConfiguredModel {
  const model = toMessage(field)
  const name = onlyField(model, 'name')
  if (name === undefined) {
    throw new TextSyntaxError(field.line, field.column, 'the config has no name')
  }
  const basePath = onlyField(model, 'base_path')
  return {
    name: toText(name),
    basePath: basePath === undefined ? null : toText(basePath),
    versionPolicy: readPolicy(model),
    versionLabels: new Map(fieldsNamed(model, 'version_labels').map(readLabel)),
  }
}

function readModels(text: string): ConfiguredModel[] {
  const list = optionalMessage(parseTextFormat(text), 'model_config_list')
  const models = new Map<string, ConfiguredModel>()
  for (const field of list === undefined ? [] : fieldsNamed(list, 'config')) {
    const model = readModel(field)
    if (models.has(model.name)) {
      // TF-Serving refuses the whole file for it and keeps its old configuration.
      const reason = `the model "${model.name}" is listed twice`
      throw new TextSyntaxError(field.line, field.column, reason)
    }
    models.set(model.name, model)
  }
  return [...models.values()]
}

/**
 * Reads TF-Serving's `models.config`, a `ModelServerConfig` in protobuf text format; a file without a
 * `model_config_list` has no models, fields that the gateway has no use for are skipped. Throws `RepositoryFileError`
 * with file and line.
 */
export function parseModelsConfig(text: string, file: string): ConfiguredModel[] {
  return inFile(file, () => readModels(text))
}
