import { extname } from 'node:path'
import { RepositoryFileError } from './file-error.js'
import { type FirstId, type LabelEntry, toLabelMap } from './label-entry.js'
import { parseCsvLabels } from './label-map-csv.js'
import { parseJsonLabels } from './label-map-json.js'
import { parsePbtxtLabels } from './label-map-pbtxt.js'
import { parseTxtLabels } from './label-map-txt.js'
import type { LabelMap } from './model-card.js'
import { inFile } from './text-syntax-error.js'

const PARSERS: Readonly<
  Record<string, (text: string, file: string, first: FirstId) => LabelEntry[]>
> = {
  '.pbtxt': parsePbtxtLabels,
  '.txt': parseTxtLabels,
  '.csv': parseCsvLabels,
  '.json': parseJsonLabels,
}

/** The file name extensions that {@link parseLabelMap} knows, in lower case. */
export const LABEL_FILE_EXTENSIONS: readonly string[] = Object.keys(PARSERS)

/**
 * Reads the text of a label file; the extension of its name chooses the format. Ids are the ones the model gives: lists
 * without ids count from `first`, which is 1 unless given, as in the Object Detection API. A byte order mark and CRLF are fine. Throws
 * {@link RepositoryFileError} that names the file, the line (or the entry) and the reason.
 */
export function parseLabelMap(text: string, file: string, first: FirstId = 1): LabelMap {
  const parse = PARSERS[extname(file).toLowerCase()]
  if (parse === undefined) {
    const reason = `the extension of a label file is one of ${LABEL_FILE_EXTENSIONS.join(' ')}`
    throw new RepositoryFileError(file, [{ reason }])
  }
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  return toLabelMap(
    inFile(file, () => parse(source, file, first)),
    file,
  )
}
