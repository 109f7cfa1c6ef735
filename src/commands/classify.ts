import type { ClassifyResponse } from '../client/client.js'
import { classifyWriter } from './classify-format.js'
import { readClassifyCommand } from './classify-options.js'
import { fileHelp, PARAMETER_HELP } from './file-options.js'
import { runFiles } from './file-run.js'
import { GATEWAY_HELP } from './own-gateway.js'

const HELP = `Usage: detection-gateway classify FILE|FOLDER|PATTERN... [OPTIONS]

Says what pictures show, by a model that classifies. Files, gateways and results are as in detect: a folder stands for all
pictures in it and in its folders, a quoted pattern for what it matches, and - for a picture on the standard input.

${GATEWAY_HELP}

${fileHelp('table, jsonl or csv')}

${PARAMETER_HELP}
  --top-k N                at most so many classes of a picture, best first (default: what the card says, else 5)
  --help, -h               show this text

Exit codes: 0 every file has an answer; 1 the command could not do its work; 2 it did, but some files failed.

Examples:
  TF_SERVING_TARGET=serving:8500 detection-gateway classify photo.jpg --model resnet
  detection-gateway classify photos -o classes.csv --top-k 1 --url http://gateway:8080`

/** Runs the `classify` command. Rejects for what concerns all files; files that failed make the exit code 2. */
export async function classify(args: readonly string[]): Promise<void> {
  const command = readClassifyCommand(args, process.env)
  if (command === undefined) return console.log(HELP)
  const { format, parameters } = command
  await runFiles<ClassifyResponse>(command, {
    ask: (pool, { image }, signal) =>
      pool.ask((client) => client.classify(image, parameters, { signal }), signal),
    writer: (style) => classifyWriter(format, style),
    answer: 'classifications',
  })
}
