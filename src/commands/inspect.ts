import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isArchive } from '../export/archive/archive-reader.js'
import { unpackModel } from '../export/archive/unpack-model.js'
import { ExportError } from '../export/export-error.js'
import { type Inspection, inspectPath } from '../export/inspect.js'
import { inspectionText } from './inspect-text.js'

const HELP = `Usage: detection-gateway inspect PATH [--json] [--pipeline FILE]

Tells what a frozen graph, checkpoint, SavedModel, model folder, training folder or archive (.tar.gz) holds: signatures,
inputs, outputs, variables, resizer, ops that a server may lack, and whether it can be exported; of a training also its
model, steps, anchors and moving averages. The exit status is 1 when it cannot be exported.

  --pipeline FILE   the pipeline.config of a training, where it does not lie beside the checkpoint
  --json            everything, for machines
  --help            show this text`

/**
 * Runs the `inspect` command. Rejects when there is nothing of the kind at the path; a model that cannot be exported sets
 * the exit status.
 */
export async function inspect(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: {
      json: { type: 'boolean', default: false },
      pipeline: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowPositionals: true,
  })
  if (values.help) return console.log(HELP)
  const [path, ...others] = positionals
  if (path === undefined || others.length > 0) {
    throw new ExportError('Name one path: a graph, checkpoint, SavedModel, model folder or archive')
  }
  const inspection = await inspectAny(path, values.pipeline)
  console.log(values.json ? JSON.stringify(inspection, null, 2) : inspectionText(inspection))
  if (inspection.problems.length > 0) process.exitCode = 1
}

/** An archive is looked at unpacked; what is said of its files names the archive. */
async function inspectAny(path: string, pipeline: string | undefined): Promise<Inspection> {
  const status = await stat(path).catch(() => undefined)
  if (!status?.isFile() || !isArchive(path)) return inspectPath(path, pipeline)
  const directory = await mkdtemp(join(tmpdir(), 'inspect-'))
  try {
    const { source } = await unpackModel({ archive: path, directory })
    const inside =
      source.kind === 'saved-model'
        ? source.directory
        : source.kind === 'frozen-graph'
          ? source.file
          : source.prefix
    const inspection = await inspectPath(inside, pipeline)
    const rename = (text: string) => text.replaceAll(directory, path)
    return {
      ...inspection,
      path: rename(inspection.path),
      problems: inspection.problems.map(rename),
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
