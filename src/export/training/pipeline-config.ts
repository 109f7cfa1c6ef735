import { parseTextFormat } from '../../repository/text-format.js'
import { TextSyntaxError } from '../../repository/text-syntax-error.js'
import { ExportError } from '../export-error.js'
import { ConfigMessage } from './config-message.js'
import { readFasterRcnnSettings } from './faster-rcnn-config.js'
import type { ModelSettings, TrainingPipeline } from './pipeline-settings.js'
import { readSsdSettings } from './ssd-config.js'

/**
 * Reads a `pipeline.config` of the Object Detection API (TrainEvalPipelineConfig in protobuf's text format) for an export of
 * a training checkpoint: strictly, because every setting left unread would be a wrong answer later. Paths in it are those
 * of the trainer's disk and are never opened. Throws `ExportError` with file, line and field.
 */
export function readPipeline(text: string, file: string): TrainingPipeline {
  try {
    const root = new ConfigMessage(parseTextFormat(text), file)
    if (root.has('graph_rewriter')) {
      root.refuse(
        'graph_rewriter',
        'trains for quantization, which cannot be exported from a training checkpoint',
      )
    }
    return {
      file,
      model: readModel(root),
      useMovingAverages: root.message('eval_config').boolean('use_moving_averages', false),
    }
  } catch (cause) {
    if (!(cause instanceof TextSyntaxError)) throw cause
    const { line, column, reason } = cause
    throw new ExportError(`${file}:${line}:${column}: ${reason}`, { cause })
  }
}

function readModel(root: ConfigMessage): ModelSettings {
  const model = root.message('model')
  const kind = model.kind()
  if (kind === 'ssd') return readSsdSettings(model.message(kind))
  if (kind === 'faster_rcnn') return readFasterRcnnSettings(model.message(kind))
  if (kind === undefined) {
    return root.refuse('model', 'is missing: this is no pipeline.config of a training')
  }
  return model.refuse(
    kind,
    'is a kind of model that cannot be exported from a training checkpoint: ssd and faster_rcnn can. Export the ' +
      'frozen_inference_graph.pb or the checkpoint that export_inference_graph.py writes',
  )
}
