import type { Resizer } from '../resizer.js'
import type { ConfigMessage } from './config-message.js'
import type {
  CropSettings,
  FasterRcnnSettings,
  GridAnchorSettings,
} from './faster-rcnn-settings.js'
import type { SuppressionSettings } from './pipeline-settings.js'
import { assertBilinear, readFixedSize, readPlaces, readPostprocessing } from './ssd-config.js'

/** Says what to do where a setting cannot be taken over. */
const ELSEWHERE =
  'cannot be exported from a training checkpoint. Export what export_inference_graph.py writes'

/** The stages of proposals and of classes; a third one makes masks. */
const STAGES = 2

/** The fields of the messages that decide what inference gives, as the protos of the Object Detection API have them. */
const FIELDS = {
  range:
    'min_dimension max_dimension pad_to_max_dimension resize_method convert_to_grayscale per_channel_pad_value',
  grid: 'height width height_stride width_stride height_offset width_offset scales aspect_ratios',
} as const

/** Settings under which the graph between the two stages has another form. */
const OTHER_FORMS = [
  'use_static_shapes',
  'use_static_shapes_for_eval',
  'use_matmul_crop_and_resize',
  'use_combined_nms_in_first_stage',
]

/**
 * Reads `model.faster_rcnn`; what is not set has the default of faster_rcnn.proto and the protos it names. Throws
 * `TextSyntaxError` for a setting under which inference would differ from what is built here.
 */
export function readFasterRcnnSettings(message: ConfigMessage): FasterRcnnSettings {
  if (!message.has('num_classes')) message.refuse('num_classes', 'is missing')
  const stages = message.integer('number_of_stages', STAGES)
  if (stages !== STAGES) message.refuse('number_of_stages', `is ${stages}, which ${ELSEWHERE}`)
  if (message.boolean('first_stage_only', false)) message.refuse('first_stage_only', ELSEWHERE)
  for (const option of OTHER_FORMS) {
    if (message.boolean(option, false)) message.refuse(option, ELSEWHERE)
  }
  const extractor = message.message('feature_extractor')
  const post = message.message('second_stage_post_processing')
  const suppression = post.message('batch_non_max_suppression')
  if (!suppression.boolean('change_coordinate_frame', true)) {
    suppression.refuse('change_coordinate_frame', `false (boxes in pixels) ${ELSEWHERE}`)
  }
  return {
    kind: 'faster_rcnn',
    places: {
      ...readPlaces(message, 'first_stage_anchor_generator'),
      crops: message.place('initial_crop_size'),
      predictor: message.place('second_stage_box_predictor'),
    },
    classes: message.integer('num_classes', 0),
    resizer: readResizer(message.message('image_resizer')),
    extractor: extractor.text('type') ?? extractor.refuse('type', 'is missing'),
    anchors: readAnchors(message.message('first_stage_anchor_generator')),
    proposals: readProposals(message),
    crop: readCrop(message),
    sharesBoxes: readPredictor(message.message('second_stage_box_predictor')),
    ...readPostprocessing(post),
  }
}

function readResizer(resizer: ConfigMessage): Resizer {
  const kind = resizer.kind() ?? resizer.refuse('image_resizer', 'is missing')
  const message = resizer.message(kind)
  switch (kind) {
    case 'fixed_shape_resizer':
      return { kind: 'fixed', size: readFixedSize(message) }
    case 'keep_aspect_ratio_resizer':
      return readRange(message)
    default:
      return resizer.refuse(kind, `is a resizer that ${ELSEWHERE}`)
  }
}

function readRange(message: ConfigMessage): Resizer {
  message.assertKnown(FIELDS.range)
  assertBilinear(message)
  if (message.boolean('pad_to_max_dimension', false)) {
    message.refuse('pad_to_max_dimension', ELSEWHERE)
  }
  const minSide = message.integer('min_dimension', 600)
  const maxSide = message.integer('max_dimension', 1024)
  if (minSide > maxSide) {
    message.refuse('min_dimension', `is ${minSide}, more than max_dimension ${maxSide}`)
  }
  return { kind: 'keep-aspect', minSide, maxSide }
}

function readAnchors(generator: ConfigMessage): GridAnchorSettings {
  const kind = generator.kind() ?? generator.refuse('first_stage_anchor_generator', 'is missing')
  if (kind !== 'grid_anchor_generator') {
    generator.refuse(kind, `is an anchor generator that ${ELSEWHERE}`)
  }
  const message = generator.message(kind)
  message.assertKnown(FIELDS.grid)
  for (const list of ['scales', 'aspect_ratios']) {
    if (!message.has(list)) message.refuse(list, 'is missing: without it there are no anchors')
  }
  return {
    baseSize: [message.integer('height', 256), message.integer('width', 256)],
    stride: [message.integer('height_stride', 16), message.integer('width_stride', 16)],
    offset: [message.integer('height_offset', 0, 0), message.integer('width_offset', 0, 0)],
    scales: message.positives('scales'),
    aspectRatios: message.positives('aspect_ratios'),
  }
}

function readProposals(message: ConfigMessage): SuppressionSettings {
  const max = message.integer('first_stage_max_proposals', 300)
  return {
    scoreThreshold: message.share('first_stage_nms_score_threshold', 0),
    iouThreshold: message.share('first_stage_nms_iou_threshold', 0.7),
    maxPerClass: max,
    maxTotal: max,
  }
}

/** These three have no default that works. */
function readCrop(message: ConfigMessage): CropSettings {
  const read = (name: string) =>
    message.has(name) ? message.integer(name, 0) : message.refuse(name, 'is missing')
  return {
    size: read('initial_crop_size'),
    poolSize: read('maxpool_kernel_size'),
    poolStride: read('maxpool_stride'),
  }
}

/** Tells whether classes share a box. */
function readPredictor(predictor: ConfigMessage): boolean {
  const kind = predictor.kind() ?? predictor.refuse('second_stage_box_predictor', 'is missing')
  if (kind !== 'mask_rcnn_box_predictor') {
    predictor.refuse(kind, `is a box predictor that ${ELSEWHERE}`)
  }
  const message = predictor.message(kind)
  for (const option of ['predict_instance_masks', 'predict_keypoints']) {
    if (message.boolean(option, false)) message.refuse(option, ELSEWHERE)
  }
  return message.boolean('share_box_across_classes', false)
}
