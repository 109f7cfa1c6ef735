import { type AskAbout, FileAsker } from './file-asker.js'
import type { FileCommand } from './file-options.js'
import { type FileRecord, isFailed } from './file-record.js'
import { findFiles } from './find-files.js'
import { GatewayPool } from './gateway-pool.js'
import { inOrder } from './in-order.js'
import { explainProblem, openGateway } from './own-gateway.js'
import { ProgressBar } from './progress-bar.js'
import { openOutput, type ResultOutput } from './result-output.js'
import type { PictureAnswer, ResultWriter } from './result-writer.js'
import { resumeFrom } from './resume.js'
import { isInShard, type Shard } from './shard.js'
import { formatMs } from './terminal.js'
import { hasColours, printable, TerminalStyle } from './terminal-style.js'

/** The exit code of a run that came to its end, in which files failed. */
const SOME_FAILED = 2

/** What a command asks about each file, and how it tells of the answers. */
export interface FileTask<Answer extends RunAnswer> {
  readonly ask: AskAbout<Answer>
  readonly writer: (style: TerminalStyle) => ResultWriter<Answer>
  /** The list that each of its answers has; `--resume` knows an answer by it. */
  readonly answer: Extract<keyof Answer, string>
  /** What the list holds, where the summary counts it. */
  readonly counted?: string
  /** Whether the writer ends with the names of all classes, of the model that is asked for. */
  readonly labels?: { readonly model: string | undefined }
}

/** What the answers of every task have. */
interface RunAnswer extends PictureAnswer {
  readonly model: { readonly name: string }
}

interface Tally {
  done: number
  failed: number
  objects: number
  model: string | undefined
}

function count<Answer extends RunAnswer>(
  tally: Tally,
  record: FileRecord<Answer>,
  { answer }: FileTask<Answer>,
): void {
  tally.done += 1
  if (isFailed(record)) tally.failed += 1
  else {
    const list = record[answer]
    tally.objects += Array.isArray(list) ? list.length : 0
    tally.model ??= record.model.name
  }
}

function plural(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? '' : 's'}`
}

function summary(
  { done, failed, objects }: Tally,
  counted: string | undefined,
  skipped: number,
  ms: number,
): string {
  const rate = done > 1 && ms > 0 ? `, ${((done * 1000) / ms).toFixed(1)} a second` : ''
  const found = counted === undefined ? '' : `, ${plural(objects, counted)}`
  const parts = [
    `${plural(done, 'picture')}${found} in ${formatMs(ms)}${rate}`,
    ...(skipped > 0 ? [`${skipped} done before`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ]
  return parts.join('; ')
}

interface Run<Answer extends RunAnswer> {
  readonly command: FileCommand
  readonly task: FileTask<Answer>
  readonly pool: GatewayPool
  readonly files: readonly string[]
  readonly output: ResultOutput
  readonly writer: ResultWriter<Answer>
  readonly signal: AbortSignal
}

async function labelsOf(
  { pool, signal }: Pick<Run<RunAnswer>, 'pool' | 'signal'>,
  model: string | undefined,
) {
  if (model === undefined) return null
  const labels = await pool.ask((client) => client.labels(model, { signal }), signal)
  return new Map(labels.map(({ id, name }) => [id, name]))
}

/** Tells of failures where the results do not go to, unless the table on the same terminal has told already. */
function tellFailure(record: FileRecord<object>, { format, output }: FileCommand): void {
  if (!isFailed(record)) return
  if (format === 'table' && output === undefined && process.stdout.isTTY) return
  console.error(
    `${printable(record.file)}: ${record.error.code}: ${printable(record.error.detail)}`,
  )
}

async function askAll<Answer extends RunAnswer>(run: Run<Answer>): Promise<Tally> {
  const { command, task, pool, files, output, writer, signal } = run
  const tally: Tally = { done: 0, failed: 0, objects: 0, model: task.labels?.model }
  const asker = new FileAsker(pool, task.ask, signal)
  const bar = new ProgressBar(files.length)
  try {
    if (files.length > 1) bar.show(0, 0)
    await output.write(writer.head)
    await inOrder(
      files,
      command.concurrency,
      (file) => asker.ask(file),
      async (record) => {
        count(tally, record, task)
        if (files.length > 1) bar.show(tally.done, tally.failed)
        const text = writer.record(record)
        await bar.around(async () => {
          tellFailure(record, command)
          await output.write(text)
        })
      },
    )
    const labels = task.labels === undefined ? null : await labelsOf(run, tally.model)
    await output.write(await writer.end(labels))
    return tally
  } finally {
    bar.clear()
  }
}

function filesOf(shard: Shard | undefined, files: readonly string[]): readonly string[] {
  return shard === undefined ? files : files.filter((file) => isInShard(file, shard))
}

/** A first signal ends the work and leaves whole results; a second one ends the process as it would without this. */
function abortOnSignal(controller: AbortController): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      process.exitCode = code
      controller.abort(new Error(`Stopped by ${signal}; --output with --resume goes on from here`))
    })
  }
}

/** An empty result, where results go to a file: who puts parts together finds one for each. */
async function writeNothing<Answer extends RunAnswer>(
  command: FileCommand,
  task: FileTask<Answer>,
): Promise<void> {
  if (command.output === undefined) return
  const output = await openOutput(command.output, { append: command.resume, force: command.force })
  const writer = task.writer(new TerminalStyle(false))
  try {
    await output.write(writer.head)
    await output.write(await writer.end(null))
  } finally {
    await output.close()
  }
}

/** Asks about the files of a command. Rejects for what concerns all files; files that failed make the exit code 2. */
export async function runFiles<Answer extends RunAnswer>(
  command: FileCommand,
  task: FileTask<Answer>,
): Promise<void> {
  const { files: found, empty } = await findFiles(command.args)
  for (const argument of empty) console.error(`${printable(argument)}: no pictures`)
  if (found.length === 0) throw new Error('There is no picture to look at')
  const files = filesOf(command.shard, found)
  const done = command.resume ? await resumeFrom(command.output!, task.answer) : new Set<string>()
  const left = files.filter((file) => !done.has(file))
  if (empty.length > 0) process.exitCode = SOME_FAILED
  if (files.length === 0) {
    console.error(`None of ${plural(found.length, 'picture')} is in this part`)
    return writeNothing(command, task)
  }
  if (left.length === 0) return console.error(`All ${plural(files.length, 'picture')} done before`)
  const output = await openOutput(command.output, { append: command.resume, force: command.force })
  const controller = new AbortController()
  abortOnSignal(controller)
  const isPlain = command.output !== undefined || !hasColours(process.stdout)
  const writer = task.writer(new TerminalStyle(!isPlain))
  const gateway = await openGateway(command.gateway, process.env)
  const { signal } = controller
  try {
    const pool = new GatewayPool(gateway.targets)
    // An address or a key that is wrong is said once, before any file is read.
    if (command.gateway.urls.length > 0) await pool.check(signal)
    const startedAt = performance.now()
    const tally = await askAll({ command, task, pool, files: left, output, writer, signal })
    for (const line of pool.report()) console.error(printable(line))
    const text = summary(
      tally,
      task.counted,
      files.length - left.length,
      performance.now() - startedAt,
    )
    if (process.stderr.isTTY) console.error(`\n${text}`)
    if (tally.failed > 0) process.exitCode = SOME_FAILED
  } catch (error) {
    throw explainProblem(error, command.gateway)
  } finally {
    await output.close()
    await gateway.close()
  }
}
