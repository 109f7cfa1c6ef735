import { join } from 'node:path'
import { readModelsConfig } from '../export/repository/models-config-writer.js'
import { type ExportRequest, parseExportArgs } from './export-options.js'
import { runExport } from './export-run.js'
import { exportSummary } from './export-summary.js'
import { Interruption } from './interruption.js'

const HELP = `Usage: detection-gateway export SOURCE --name NAME [OPTIONS]
       detection-gateway export demo [OPTIONS]

Turns a trained detector into a version that TensorFlow Serving serves: <repository>/<name>/<version>/, the model's card
<repository>/<name>/model.json and its entry in <repository>/models.config.

SOURCE is told apart by looking at it:
  the folder of a training with the Object Detection API (its newest checkpoint is taken; pipeline.config beside it),
  a frozen graph (.pb), a checkpoint (its prefix, one of its files, its directory), a SavedModel's directory,
  an archive (.tar.gz, .tgz, .tar) of one of these, the URL of an archive, or demo: the embedded server's model

  --name NAME              name that clients ask for
  --version N              version number (default: the next free one)
  --repository DIRECTORY   model repository (default: MODEL_REPOSITORY, else models)
  --labels FILE            names of the classes: .pbtxt, .txt, .csv or .json
  --input pixels|encoded   what the model takes; encoded: JPEG and PNG bytes, decoded in the graph
  --variables              put weights that are constants into variables/
  --checkpoint PREFIX      the source is this checkpoint of a training
  --pipeline FILE          pipeline.config of the training (default: the one beside the checkpoint)
  --moving-averages on|off whether to take the moving averages of the weights (default: as its eval_config says)
  --warmup [PHOTO...]      let TF-Serving warm the version up with photos, or with synthetic images
  --base-path PATH         the repository as TF-Serving sees it (default: /models)
  --force                  replace a version that is there
  --if-empty               do nothing where models.config lists a model already
  --help                   show this text`

/**
 * Runs the `export` command. Resolves when the version is in its place; rejects with what was wrong and what to do, and
 * then has left nothing behind.
 */
export async function exportModel(args: string[]): Promise<void> {
  const request = parseExportArgs(args)
  if (request === undefined) return console.log(HELP)
  const present = request.ifEmpty ? await listModels(request) : []
  if (present.length > 0) {
    return console.log(`Nothing to do: ${request.repository} has ${present.join(', ')}`)
  }
  const interruption = new Interruption()
  try {
    console.log(exportSummary(await runExport(request, interruption)))
  } finally {
    interruption.close()
  }
}

async function listModels({ repository }: ExportRequest): Promise<string[]> {
  const models = await readModelsConfig(join(repository, 'models.config'))
  return models.map(({ name }) => name)
}
