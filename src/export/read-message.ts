import { ExportError } from './export-error.js'

/**
 * Reads a protobuf message of a file, or a part of one: what the parser throws names neither. `what` is what the message
 * is to the file. Throws `ExportError` with both.
 */
export function readMessage<T>(file: string, what: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new ExportError(`${file}: ${what} is damaged. Copy or download it again`, { cause })
  }
}
