/** Why a file has no answer: the gateway's code, or `file_unreadable`, `file_empty` or `picture_unwritable`. */
export interface RecordError {
  readonly code: string
  readonly detail: string
  readonly request_id?: string | undefined
}

/** A file that has no answer, and why. */
export interface FailedRecord {
  readonly file: string
  readonly error: RecordError
}

/** What became of one file: the gateway's answer, or why there is none. As JSON it is a line of `--format jsonl`. */
export type FileRecord<Answer> = ({ readonly file: string } & Answer) | FailedRecord

/** Whether a file has no answer. */
export function isFailed<Answer extends object>(
  record: FileRecord<Answer>,
): record is FailedRecord {
  return 'error' in record
}
