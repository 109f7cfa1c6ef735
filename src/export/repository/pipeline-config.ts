import { posix } from 'node:path'
import { fieldsNamed } from '../../repository/text-fields.js'
import { parseTextFormat, type TextField, type TextMessage } from '../../repository/text-format.js'
import { inFile } from '../../repository/text-syntax-error.js'
import type { Resizer } from '../resizer.js'

/** What a `pipeline.config` of the Object Detection API says that matters to whoever serves the model. */
export interface PipelineFacts {
  readonly resizer: Resizer | undefined
  /** Without the background. */
  readonly classes: number | undefined
  /** The most detections that the model gives for an image. */
  readonly maxDetections: number | undefined
  /** File name, without folder, of the label map that it was trained with. */
  readonly labelMap: string | undefined
}

/** Defaults of image_resizer.proto, in pixels. */
const DEFAULT_SIDES = { height: 300, width: 300, min_dimension: 600, max_dimension: 1024 }

/**
 * Reads a `pipeline.config` (a TrainEvalPipelineConfig in protobuf text format) of any meta-architecture. Throws
 * `RepositoryFileError` with file and line when it is not text format.
 */
export function parsePipelineConfig(text: string, file: string): PipelineFacts {
  const root = inFile(file, () => parseTextFormat(text))
  const architecture = messageNamed(messageNamed(root, 'model'), ...architectures(root))
  return {
    resizer: readResizer(messageNamed(architecture, 'image_resizer')),
    classes: numberNamed(architecture, 'num_classes'),
    maxDetections: readMaxDetections(architecture),
    labelMap: readLabelMap(root),
  }
}

/** `model` is a oneof: `ssd`, `faster_rcnn`, `center_net`, ... */
function architectures(root: TextMessage): string[] {
  return messageNamed(root, 'model')?.fields.map(({ name }) => name) ?? []
}

function readResizer(resizer: TextMessage | undefined): Resizer | undefined {
  const fixed = messageNamed(resizer, 'fixed_shape_resizer')
  if (fixed !== undefined) {
    return { kind: 'fixed', size: [sideNamed(fixed, 'height'), sideNamed(fixed, 'width')] }
  }
  const range = messageNamed(resizer, 'keep_aspect_ratio_resizer')
  if (range === undefined) return undefined
  return {
    kind: 'keep-aspect',
    minSide: sideNamed(range, 'min_dimension'),
    maxSide: sideNamed(range, 'max_dimension'),
  }
}

function sideNamed(message: TextMessage, name: keyof typeof DEFAULT_SIDES): number {
  return numberNamed(message, name) ?? DEFAULT_SIDES[name]
}

/** SSD has one stage of post-processing, Faster R-CNN a second; CenterNet counts otherwise. */
function readMaxDetections(architecture: TextMessage | undefined): number | undefined {
  const stage = messageNamed(architecture, 'second_stage_post_processing', 'post_processing')
  const suppression = messageNamed(stage, 'batch_non_max_suppression')
  if (suppression !== undefined) return numberNamed(suppression, 'max_total_detections')
  return numberNamed(messageNamed(architecture, 'object_center_params'), 'max_box_predictions')
}

/** Named once for training and once for evaluation; a reader of several inputs has one each. */
function readLabelMap(root: TextMessage): string | undefined {
  const readers = [
    ...fieldsNamed(root, 'train_input_reader'),
    ...fieldsNamed(root, 'eval_input_reader'),
  ]
  const paths = readers.flatMap(({ value }) =>
    value.kind === 'message' ? fieldsNamed(value, 'label_map_path').map(textOf) : [],
  )
  const path = paths.find((text) => text !== '')
  return path === undefined ? undefined : posix.basename(path.replaceAll('\\', '/'))
}

function textOf({ value }: TextField): string {
  return value.kind === 'string' ? value.value : ''
}

function messageNamed(
  parent: TextMessage | undefined,
  ...names: readonly string[]
): TextMessage | undefined {
  for (const name of names) {
    const value = parent && fieldsNamed(parent, name).at(-1)?.value
    if (value?.kind === 'message') return value
  }
  return undefined
}

function numberNamed(parent: TextMessage | undefined, name: string): number | undefined {
  const value = parent && fieldsNamed(parent, name).at(-1)?.value
  return value?.kind === 'number' && value.value > 0 ? value.value : undefined
}
