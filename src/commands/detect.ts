import { findFiles } from './detect-files.js'
import { type ResultWriter, resultWriter } from './detect-format.js'
import { FileDetector } from './detect-one.js'
import { type DetectCommand, readDetectCommand } from './detect-options.js'
import { type DetectRecord, isFailed } from './detect-record.js'
import { resumeFrom } from './detect-resume.js'
import { isInShard, type Shard } from './detect-shard.js'
import { GatewayPool } from './gateway-pool.js'
import { inOrder } from './in-order.js'
import { explainProblem, GATEWAY_HELP, openGateway } from './own-gateway.js'
import { ProgressBar } from './progress-bar.js'
import { openOutput, type ResultOutput } from './result-output.js'
import { formatMs } from './terminal.js'
import { hasColours, printable, TerminalStyle } from './terminal-style.js'

const HELP = `Usage: detection-gateway detect FILE|FOLDER|PATTERN... [OPTIONS]

Finds objects in pictures. A folder stands for all pictures in it and in its folders, a quoted pattern ('photos/**/*.jpg')
for what it matches, and - for a picture on the standard input. One bad file does not stop the others. --url may be given
several times: each file goes to the gateway with the least to do, and one that fails is left out for a while.

${GATEWAY_HELP}

  --format FORMAT          table, jsonl, csv or coco (default: by the ending of --output, else table)
  --output, -o FILE        write the results there (default: the standard output)
  --resume                 go on with --output: files that have an answer in it are left out (jsonl)
  --force                  write --output anew where it is there already
  --shard I/N              part I of N of the files, from 0 to N - 1; a file's path alone decides on its part
  --pictures FOLDER        also write each picture with its boxes drawn on it
  --picture-format FORMAT  jpeg, png or webp (default: jpeg)
  --concurrency, -j N      files under way at one time (default: twice the cores, at least 4, for each --url)

  --model NAME             model (default: the gateway's)
  --model-version N        version of the model (default: the latest)
  --min-score S            lowest score, 0 to 1
  --labels A,B             only these names or class ids
  --exclude-labels A,B     all but these
  --max-detections N       at most so many in a picture, best first
  --iou-threshold T        extra non-max suppression within each class, 0 to 1
  --tiles CxR|auto         look at columns x rows of tiles too, for small objects in large photos
  --overlap F              part of a tile that its neighbour shows too, 0 to 0.5
  --help, -h               show this text

Exit codes: 0 every file has an answer; 1 the command could not do its work; 2 it did, but some files failed.

Examples:
  detection-gateway detect photo.jpg
  detection-gateway detect photos --labels person,dog --pictures annotated
  detection-gateway detect photos -o results.jsonl --resume --url http://a:8080 --url http://b:8080
  detection-gateway detect photos -o part-3.jsonl --resume --shard 3/8 --url http://gateway:8080
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

interface Run {
  readonly command: DetectCommand
  readonly pool: GatewayPool
  readonly files: readonly string[]
  readonly output: ResultOutput
  readonly writer: ResultWriter
  readonly signal: AbortSignal
}

async function labelsOf({ pool, signal }: Run, model: string | undefined) {
  if (model === undefined) return null
  const labels = await pool.ask((client) => client.labels(model, { signal }), signal)
  return new Map(labels.map(({ id, name }) => [id, name]))
}

/** Tells of failures where the results do not go to, unless the table on the same terminal has told already. */
function tellFailure(record: DetectRecord, { format, output }: DetectCommand): void {
  if (!isFailed(record)) return
  if (format === 'table' && output === undefined && process.stdout.isTTY) return
  console.error(
    `${printable(record.file)}: ${record.error.code}: ${printable(record.error.detail)}`,
  )
}

async function detectAll(run: Run): Promise<Tally> {
  const { command, pool, files, output, writer, signal } = run
  const tally: Tally = { done: 0, failed: 0, objects: 0, model: command.parameters.model }
  const detector = new FileDetector(pool, command, signal)
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
    const labels = command.format === 'coco' ? await labelsOf(run, tally.model) : null
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

/** Runs the `detect` command. Rejects for what concerns all files; files that failed make the exit code 2. */
export async function detect(args: readonly string[]): Promise<void> {
  const command = readDetectCommand(args, process.env)
  if (command === undefined) return console.log(HELP)
  const { files: found, empty } = await findFiles(command.args)
  for (const argument of empty) console.error(`${printable(argument)}: no pictures`)
  if (found.length === 0) throw new Error('There is no picture to look at')
  const files = filesOf(command.shard, found)
  const done = command.resume ? await resumeFrom(command.output!) : new Set<string>()
  const left = files.filter((file) => !done.has(file))
  if (empty.length > 0) process.exitCode = SOME_FAILED
  if (files.length === 0)
    return console.error(`None of ${plural(found.length, 'picture')} is in this part`)
  if (left.length === 0) return console.error(`All ${plural(files.length, 'picture')} done before`)
  const output = await openOutput(command.output, { append: command.resume, force: command.force })
  const controller = new AbortController()
  abortOnSignal(controller)
  const isPlain = command.output !== undefined || !hasColours(process.stdout)
  const writer = resultWriter(command.format, new TerminalStyle(!isPlain))
  const gateway = await openGateway(command.gateway, process.env)
  const { signal } = controller
  try {
    const pool = new GatewayPool(gateway.targets)
    // An address or a key that is wrong is said once, before any file is read.
    if (command.gateway.urls.length > 0) await pool.check(signal)
    const startedAt = performance.now()
    const tally = await detectAll({ command, pool, files: left, output, writer, signal })
    for (const line of pool.report()) console.error(printable(line))
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
