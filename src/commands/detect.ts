import { detectWriter } from './detect-format.js'
import { askToDetect } from './detect-one.js'
import { readDetectCommand } from './detect-options.js'
import { fileHelp, PARAMETER_HELP } from './file-options.js'
import { runFiles } from './file-run.js'
import { GATEWAY_HELP } from './own-gateway.js'

const HELP = `Usage: detection-gateway detect FILE|FOLDER|PATTERN... [OPTIONS]

Finds objects in pictures. A folder stands for all pictures in it and in its folders, a quoted pattern ('photos/**/*.jpg')
for what it matches, and - for a picture on the standard input. One bad file does not stop the others. --url may be given
several times: each file goes to the gateway with the least to do, and one that fails is left out for a while.

${GATEWAY_HELP}

${fileHelp('table, jsonl, csv or coco')}
  --pictures FOLDER        also write each picture with its boxes drawn on it
  --picture-format FORMAT  jpeg, png or webp (default: jpeg)

${PARAMETER_HELP}
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

/** Runs the `detect` command. Rejects for what concerns all files; files that failed make the exit code 2. */
export async function detect(args: readonly string[]): Promise<void> {
  const command = readDetectCommand(args, process.env)
  if (command === undefined) return console.log(HELP)
  const { format, parameters } = command
  await runFiles(command, {
    ask: askToDetect(command),
    writer: (style) => detectWriter(format, style),
    answer: 'detections',
    counted: 'object',
    ...(format === 'coco' ? { labels: { model: parameters.model } } : {}),
  })
}
