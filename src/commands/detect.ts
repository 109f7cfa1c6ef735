import type { DetectionClient } from '../client/client.js'
import { findFiles } from './detect-files.js'
import { type ResultWriter, resultWriter } from './detect-format.js'
import { FileDetector } from './detect-one.js'
import { type DetectCommand, readDetectCommand } from './detect-options.js'
import { type DetectRecord, isFailed } from './detect-record.js'
import { resumeFrom } from './detect-resume.js'
import { inOrder } from './in-order.js'
import { explainProblem, GATEWAY_HELP, openGateway } from './own-gateway.js'
import { ProgressBar } from './progress-bar.js'
import { openOutput, type ResultOutput } from './result-output.js'
import { formatMs } from './terminal.js'
import { hasColours, printable, TerminalStyle } from './terminal-style.js'

const HELP = `Usage: detection-gateway detect FILE|FOLDER|PATTERN... [OPTIONS]

Finds objects in pictures. A folder stands for all pictures in it and in its folders, a quoted pattern ('photos/**/*.jpg')
for what it matches, and - for a picture on the standard input. One bad file does not stop the others.

${GATEWAY_HELP}

  --format FORMAT          table, jsonl, csv or coco (default: by the ending of --output, else table)
  --output, -o FILE        write the results there (default: the standard output)
  --resume                 go on with --output: files that have an answer in it are left out (jsonl)
  --force                  write --output anew where it is there already
  --pictures FOLDER        also write each picture with its boxes drawn on it
  --picture-format FORMAT  jpeg, png or webp (default: jpeg)
  --concurrency, -j N      files under way at one time (default: twice the cores, at least 4)

  --model NAME             model (default: the gateway's)
  --model-version N        version of the model (default: the latest)
  --min-score S            lowest score, 0 to 1
  --labels A,B             only these names or class ids
  --exclude-labels A,B     all but these
  --max-detections N       at most so many in a picture, best first
  --iou-threshold T        extra non-max suppression within each class, 0 to 1
  --help, -h               show this text

Exit codes: 0 every file has an answer; 1 the command could not do its work; 2 it did, but some files failed.

Examples:
  detection-gateway detect photo.jpg
  detection-gateway detect photos --labels person,dog --pictures annotated
  detection-gateway detect photos -o results.jsonl --resume --url http://gateway:8080
  curl -s https://example.org/cat.jpg | detection-gateway detect - --format jsonl | jq .detections`

/** The exit code of a run that came to its end, in which files failed. */
const SOME_FAILED = 2

interface Tally {
  done: number
  failed: number
  objects: number
  model: string | undefined
}

function count(tally: Tally, record: DetectRecord): void {
  tally.done += 1
  if (isFailed(record)) tally.failed += 1
  else {
    tally.objects += record.detections.length
    tally.model ??= record.model.name
  }
}

function plural(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? '' : 's'}`
}

function summary({ done, failed, objects }: Tally, skipped: number, ms: number): string {
  const rate = done > 1 && ms > 0 ? `, ${((done * 1000) / ms).toFixed(1)} a second` : ''
  const parts = [
    `${plural(done, 'picture')}, ${plural(objects, 'object')} in ${formatMs(ms)}${rate}`,
    ...(skipped > 0 ? [`${skipped} done before`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ]
  return parts.join('; ')
}

async function labelsOf(client: DetectionClient, model: string | undefined) {
  if (model === undefined) return null
  return new Map((await client.labels(model)).map(({ id, name }) => [id, name]))
}

interface Run {
  readonly command: DetectCommand
  readonly client: DetectionClient
  readonly files: readonly string[]
  readonly output: ResultOutput
  readonly writer: ResultWriter
  readonly signal: AbortSignal
}

/** Tells of failures where the results do not go to, unless the table on the same terminal has told already. */
function tellFailure(record: DetectRecord, { format, output }: DetectCommand): void {
  if (!isFailed(record)) return
  if (format === 'table' && output === undefined && process.stdout.isTTY) return
  console.error(
    `${printable(record.file)}: ${record.error.code}: ${printable(record.error.detail)}`,
  )
}

async function detectAll({ command, client, files, output, writer, signal }: Run): Promise<Tally> {
  const tally: Tally = { done: 0, failed: 0, objects: 0, model: command.parameters.model }
  const detector = new FileDetector(client, command, signal)
  const bar = new ProgressBar(files.length)
  try {
    if (files.length > 1) bar.show(0, 0)
    await output.write(writer.head)
    await inOrder(
      files,
      command.concurrency,
      (file) => detector.detect(file),
      async (record) => {
        count(tally, record)
        if (files.length > 1) bar.show(tally.done, tally.failed)
        const text = writer.record(record)
        await bar.around(async () => {
          tellFailure(record, command)
          await output.write(text)
        })
      },
    )
    const labels = command.format === 'coco' ? await labelsOf(client, tally.model) : null
    await output.write(await writer.end(labels))
    return tally
  } finally {
    bar.clear()
  }
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

/** Runs the `detect` command. Rejects for what concerns all files; files that failed make the exit code 2. */
export async function detect(args: readonly string[]): Promise<void> {
  const command = readDetectCommand(args, process.env)
  if (command === undefined) return console.log(HELP)
  const { files, empty } = await findFiles(command.args)
  for (const argument of empty) console.error(`${printable(argument)}: no pictures`)
  if (files.length === 0) throw new Error('There is no picture to look at')
  const done = command.resume ? await resumeFrom(command.output!) : new Set<string>()
  const left = files.filter((file) => !done.has(file))
  if (empty.length > 0) process.exitCode = SOME_FAILED
  if (left.length === 0) return console.error(`All ${plural(files.length, 'picture')} done before`)
  const output = await openOutput(command.output, { append: command.resume, force: command.force })
  const controller = new AbortController()
  abortOnSignal(controller)
  const isPlain = command.output !== undefined || !hasColours(process.stdout)
  const writer = resultWriter(command.format, new TerminalStyle(!isPlain))
  const gateway = await openGateway(command.gateway, process.env)
  const { signal } = controller
  try {
    const { client } = gateway
    // An address or a key that is wrong is said once, before any file is read.
    if (command.gateway.url !== undefined) await client.models({ signal })
    const startedAt = performance.now()
    const tally = await detectAll({ command, client, files: left, output, writer, signal })
    const text = summary(tally, files.length - left.length, performance.now() - startedAt)
    if (process.stderr.isTTY) console.error(`\n${text}`)
    if (tally.failed > 0) process.exitCode = SOME_FAILED
  } catch (error) {
    throw explainProblem(error, command.gateway)
  } finally {
    await output.close()
    await gateway.close()
  }
}
