import type { DetectResponse } from '../client/client.js'

/** Why a file has no answer: the gateway's code, or `file_unreadable`. */
export interface RecordError {
  readonly code: string
  readonly detail: string
  readonly request_id?: string | undefined
}

/** What became of one file: the gateway's answer, or why there is none. As JSON it is a line of `--format jsonl`. */
export type DetectRecord = { readonly file: string } & (
  | DetectResponse
  | { readonly error: RecordError }
)

/** Whether a file has no answer. */
export function isFailed(
  record: DetectRecord,
): record is { readonly file: string; readonly error: RecordError } {
  return 'error' in record
}
