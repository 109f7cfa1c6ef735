import type { ConfigMessage } from './config-message.js'
import type {
  MultiscaleAnchorSettings,
  SettingPlaces,
  SsdAnchorSettings,
  SsdSettings,
  SuppressionSettings,
} from './pipeline-settings.js'

/** Says what to do where a setting cannot be taken over. */
const ELSEWHERE =
  'cannot be exported from a training checkpoint. Export what export_inference_graph.py writes'

/** The fields of the messages that decide what inference gives, as the protos of the Object Detection API have them. */
const FIELDS = {
  post: 'batch_non_max_suppression score_converter logit_scale calibration_config',
  suppression:
    'score_threshold iou_threshold max_detections_per_class max_total_detections use_static_shapes ' +
    'use_class_agnostic_nms max_classes_per_detection soft_nms_sigma use_partitioned_nms use_combined_nms ' +
    'change_coordinate_frame use_hard_nms use_cpu_nms',
  fixed: 'height width resize_method convert_to_grayscale',
  ssd:
    'num_layers min_scale max_scale scales aspect_ratios interpolated_scale_aspect_ratio ' +
    'reduce_boxes_in_lowest_layer base_anchor_height base_anchor_width height_stride width_stride height_offset ' +
    'width_offset',
  multiscale:
    'min_level max_level anchor_scale aspect_ratios scales_per_octave normalize_coordinates',
  coder: 'y_scale x_scale height_scale width_scale',
} as const

/**
 * Reads `model.ssd`; what is not set has the default of ssd.proto and the protos it names. Throws `TextSyntaxError` for a
 * setting under which inference would differ from what is built here.
 */
export function readSsdSettings(ssd: ConfigMessage): SsdSettings {
  if (ssd.has('mask_head_config')) ssd.refuse('mask_head_config', ELSEWHERE)
  if (!ssd.boolean('add_background_class', true)) ssd.refuse('add_background_class', ELSEWHERE)
  if (ssd.boolean('explicit_background_class', false)) {
    ssd.refuse('explicit_background_class', ELSEWHERE)
  }
  if (!ssd.has('num_classes')) ssd.refuse('num_classes', 'is missing')
  const extractor = ssd.message('feature_extractor')
  const type = extractor.text('type') ?? extractor.refuse('type', 'is missing')
  const size = readSize(ssd.message('image_resizer'))
  return {
    kind: 'ssd',
    places: readPlaces(ssd, 'anchor_generator'),
    classes: ssd.integer('num_classes', 0),
    size,
    extractor: type,
    padToMultiple: readPadding(extractor, size),
    anchors: readAnchors(ssd.message('anchor_generator')),
    coderScales: readCoder(ssd.message('box_coder')),
    ...readPostprocessing(ssd.message('post_processing')),
  }
}

/** Finds the settings that are compared with the graph; `anchors` is the field of the anchors. */
export function readPlaces(model: ConfigMessage, anchors: string): SettingPlaces {
  return {
    classes: model.place('num_classes'),
    resizer: model.place('image_resizer'),
    extractor: model.message('feature_extractor').place('type'),
    anchors: model.place(anchors),
  }
}

/** Reads how scores and rows are made, of an SSD or of the second stage of a Faster R-CNN. */
export function readPostprocessing(
  post: ConfigMessage,
): Pick<SsdSettings, 'logitScale' | 'converter' | 'suppression'> {
  post.assertKnown(FIELDS.post)
  if (post.has('calibration_config')) post.refuse('calibration_config', ELSEWHERE)
  const logitScale = post.float('logit_scale', 1)
  return {
    logitScale: logitScale === 0 ? post.refuse('logit_scale', 'is 0') : logitScale,
    converter: post.choice('score_converter', ['IDENTITY', 'SIGMOID', 'SOFTMAX'], 'IDENTITY'),
    suppression: readSuppression(post.message('batch_non_max_suppression')),
  }
}

function readSize(resizer: ConfigMessage): readonly [number, number] {
  const kind = resizer.kind() ?? resizer.refuse('image_resizer', 'is missing')
  if (kind !== 'fixed_shape_resizer') {
    resizer.refuse(kind, `is a resizer under which anchors depend on the image: it ${ELSEWHERE}`)
  }
  return readFixedSize(resizer.message(kind))
}

/** Reads `fixed_shape_resizer`, in pixels. */
export function readFixedSize(fixed: ConfigMessage): readonly [height: number, width: number] {
  fixed.assertKnown(FIELDS.fixed)
  assertBilinear(fixed)
  return [fixed.integer('height', 300), fixed.integer('width', 300)]
}

/** Refuses what a resizer may do besides a bilinear resize of colours. */
export function assertBilinear(resizer: ConfigMessage): void {
  resizer.choice('resize_method', ['BILINEAR'], 'BILINEAR')
  if (resizer.boolean('convert_to_grayscale', false)) {
    resizer.refuse('convert_to_grayscale', ELSEWHERE)
  }
}

function readPadding(extractor: ConfigMessage, [height, width]: readonly [number, number]): number {
  const multiple = extractor.integer('pad_to_multiple', 1)
  if (height % multiple === 0 && width % multiple === 0) return multiple
  return extractor.refuse(
    'pad_to_multiple',
    `${multiple} does not divide ${height} x ${width}: the padding has the training's batch size in it, which cannot be taken out`,
  )
}

function readAnchors(generator: ConfigMessage): SsdAnchorSettings | MultiscaleAnchorSettings {
  const kind = generator.kind()
  if (kind === 'ssd_anchor_generator') return readSsdAnchors(generator.message(kind))
  if (kind === 'multiscale_anchor_generator') return readOctaves(generator.message(kind))
  if (kind === undefined) return generator.refuse('anchor_generator', 'is missing')
  return generator.refuse(kind, `is an anchor generator that ${ELSEWHERE}`)
}

function readSsdAnchors(message: ConfigMessage): SsdAnchorSettings {
  message.assertKnown(FIELDS.ssd)
  const layers = message.integer('num_layers', 6)
  const scales = message.positives('scales')
  if (scales.length > 0 && scales.length !== layers) {
    message.refuse('scales', `has ${scales.length} values, num_layers is ${layers}`)
  }
  return {
    kind: 'ssd',
    layers,
    minScale: message.positive('min_scale', 0.2),
    maxScale: message.positive('max_scale', 0.95),
    scales,
    aspectRatios: message.positives('aspect_ratios'),
    interpolatedRatio: message.float('interpolated_scale_aspect_ratio', 1),
    reduceLowest: message.boolean('reduce_boxes_in_lowest_layer', true),
    baseSize: [message.positive('base_anchor_height', 1), message.positive('base_anchor_width', 1)],
    strides: readPairs(message, 'stride', layers),
    offsets: readPairs(message, 'offset', layers),
  }
}

function readPairs(
  message: ConfigMessage,
  what: 'stride' | 'offset',
  layers: number,
): [number, number][] {
  const read = (name: string) =>
    what === 'stride' ? message.positives(name) : message.floats(name)
  const heights = read(`height_${what}`)
  const widths = read(`width_${what}`)
  if (heights.length !== widths.length || (heights.length > 0 && heights.length !== layers)) {
    message.refuse(
      heights.length > 0 ? `height_${what}` : `width_${what}`,
      `has ${heights.length} values, width_${what} ${widths.length}; num_layers is ${layers}`,
    )
  }
  return heights.map((height, layer) => [height, widths[layer]!])
}

function readOctaves(message: ConfigMessage): MultiscaleAnchorSettings {
  message.assertKnown(FIELDS.multiscale)
  if (!message.boolean('normalize_coordinates', true)) {
    message.refuse('normalize_coordinates', `false (anchors in pixels) ${ELSEWHERE}`)
  }
  return {
    kind: 'multiscale',
    minLevel: message.integer('min_level', 3, 0),
    maxLevel: message.integer('max_level', 7, 0),
    anchorScale: message.positive('anchor_scale', 4),
    aspectRatios: message.positives('aspect_ratios'),
    scalesPerOctave: message.integer('scales_per_octave', 2),
  }
}

function readCoder(coder: ConfigMessage): readonly [number, number, number, number] {
  const kind = coder.kind() ?? 'faster_rcnn_box_coder'
  if (kind !== 'faster_rcnn_box_coder') coder.refuse(kind, `is a box coder that ${ELSEWHERE}`)
  const message = coder.message(kind)
  message.assertKnown(FIELDS.coder)
  return [
    message.positive('y_scale', 10),
    message.positive('x_scale', 10),
    message.positive('height_scale', 5),
    message.positive('width_scale', 5),
  ]
}

function readSuppression(nms: ConfigMessage): SuppressionSettings {
  nms.assertKnown(FIELDS.suppression)
  for (const option of ['use_static_shapes', 'use_class_agnostic_nms', 'use_partitioned_nms']) {
    if (nms.boolean(option, false)) nms.refuse(option, ELSEWHERE)
  }
  if (nms.float('soft_nms_sigma', 0) !== 0) nms.refuse('soft_nms_sigma', ELSEWHERE)
  return {
    scoreThreshold: nms.share('score_threshold', 0),
    iouThreshold: nms.share('iou_threshold', 0.6),
    maxPerClass: nms.integer('max_detections_per_class', 100),
    maxTotal: nms.integer('max_total_detections', 100),
  }
}
