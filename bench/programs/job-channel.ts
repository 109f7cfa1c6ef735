/** A job that a parent process gives by IPC, and the answer to it. */
export interface JobMessage {
  readonly id: number
  readonly job: unknown
}

export type JobReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string }

/** Runs the jobs that the parent process sends, until it lets go of this one. */
export function serveJobs<Job, Result>(run: (job: Job) => Promise<Result>): void {
  process.on('message', ({ id, job }: JobMessage) => {
    run(job as Job).then(
      (result) => process.send?.({ id, result } satisfies JobReply),
      (error: Error) =>
        process.send?.({ id, error: error.stack ?? error.message } satisfies JobReply),
    )
  })
  process.on('disconnect', () => process.exit())
}
