import { readFile } from 'node:fs/promises'
import { type ConfiguredModel, parseModelsConfig } from '../../repository/models-config.js'
import { hasCode } from '../../repository/snapshot.js'
import { fieldsNamed } from '../../repository/text-fields.js'
import { parseTextFormat } from '../../repository/text-format.js'
import { TextLexer, type TextToken } from '../../repository/text-lexer.js'
import { inFile } from '../../repository/text-syntax-error.js'
import { ExportError, fileError } from '../export-error.js'
import { replaceFile } from './atomic-file.js'

/** A model to be served. */
export interface ModelEntry {
  readonly name: string
  /** The model's folder as TF-Serving sees it: an absolute path, or a URI such as `s3://bucket/models/x`. */
  readonly basePath: string
}

/** What became of an entry: `kept` is what was there already, under which the model goes on being served. */
export type ConfigChange =
  | { readonly kind: 'added' }
  | { readonly kind: 'kept'; readonly entry: ConfiguredModel }

const LIST = 'model_config_list'
const HEADER = `# The models that TensorFlow Serving serves (--model_config_file), a ModelServerConfig in protobuf text format.
# The export command adds models at the end of the list and leaves everything else as it is.
`

/**
 * Adds a model to `models.config`, which is made when it is missing and replaced as a whole: TF-Serving may read it at any
 * time. An entry of that name stays as it is; other entries, comments and layout too. Throws `ExportError`, or
 * `RepositoryFileError` with the line, when the file cannot be understood. To be called under the repository's lock, and
 * only when a version is there: an entry without one blocks every later reload.
 */
export async function addToModelsConfig(file: string, entry: ModelEntry): Promise<ConfigChange> {
  const text = await readConfig(file)
  const before = parseModelsConfig(text, file)
  const known = before.find(({ name }) => name === entry.name)
  if (known !== undefined) return { kind: 'kept', entry: known }
  const after = withEntry(text, file, entry)
  assertOnlyAdded(file, before, parseModelsConfig(after, file))
  await replaceFile(file, after)
  return { kind: 'added' }
}

/** Reads the models of `models.config`, none where it is missing. Throws `RepositoryFileError` when it is broken. */
export async function readModelsConfig(file: string): Promise<readonly ConfiguredModel[]> {
  return parseModelsConfig(await readConfig(file), file)
}

async function readConfig(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return ''
    throw fileError('read it', file, cause)
  }
}

function withEntry(text: string, file: string, entry: ModelEntry): string {
  const end = inFile(file, () => endOfList(text))
  if (end !== undefined) return insertBefore(text, end, entry)
  const { fields } = parseTextFormat(text)
  if (fields.length > 0) {
    throw new ExportError(
      `${file}: holds ${fields[0]!.name} in place of a ${LIST}; add ${entry.name} to it by hand`,
    )
  }
  const start = text === '' ? HEADER : text.replace(/\n?$/, '\n')
  return `${start}${LIST} {\n${configLines(entry, '  ')}}\n`
}

/** Finds the brace that closes the list of models; `undefined` when there is no list. */
function endOfList(text: string): number | undefined {
  if (fieldsNamed(parseTextFormat(text), LIST).length === 0) return undefined
  const lines = lineStarts(text)
  const lexer = new TextLexer(text)
  let depth = 0
  let inList = false
  for (let token = lexer.next(); token.kind !== 'end'; token = lexer.next()) {
    if (depth === 0 && token.kind === 'identifier') inList = token.text === LIST
    if (isSymbol(token, '{<')) depth += 1
    if (isSymbol(token, '}>')) {
      depth -= 1
      if (depth === 0 && inList) return lines[token.line - 1]! + token.column - 1
    }
  }
  return undefined
}

function isSymbol(token: TextToken, symbols: string): boolean {
  return token.kind === 'symbol' && symbols.includes(token.text)
}

/** Offsets of the lines as the lexer counts them: a byte order mark is none of its columns. */
function lineStarts(text: string): number[] {
  const starts = [text.startsWith('\uFEFF') ? 1 : 0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function insertBefore(text: string, end: number, entry: ModelEntry): string {
  const lineStart = text.lastIndexOf('\n', end - 1) + 1
  const indent = text.slice(lineStart, end)
  if (!/^[ \t]*$/.test(indent)) {
    return `${text.slice(0, end).trimEnd()}\n${configLines(entry, '  ')}${text.slice(end)}`
  }
  return text.slice(0, lineStart) + configLines(entry, `${indent}  `) + text.slice(lineStart)
}

function configLines({ name, basePath }: ModelEntry, indent: string): string {
  return [
    'config {',
    `  name: ${quote(name)}`,
    `  base_path: ${quote(basePath)}`,
    '  model_platform: "tensorflow"',
    '}',
  ]
    .map((line) => `${indent}${line}\n`)
    .join('')
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

/** A guard against a file that is laid out in a way not thought of: it is rather left alone than broken. */
function assertOnlyAdded(
  file: string,
  before: readonly ConfiguredModel[],
  after: readonly ConfiguredModel[],
): void {
  const names = (models: readonly ConfiguredModel[]) => models.map(({ name }) => name).join('\n')
  if (after.length === before.length + 1 && names(after.slice(0, -1)) === names(before)) return
  throw new ExportError(`${file}: cannot be added to without changing more; add the model by hand`)
}
