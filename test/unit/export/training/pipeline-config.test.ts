import t from 'tap'
import { readPipeline } from '../../../../src/export/training/pipeline-config.js'

const FILE = '/runs/pipeline.config'

const SSD = `model {
  ssd {
    num_classes: 3
    image_resizer { fixed_shape_resizer { height: 300 width: 320 } }
    feature_extractor { type: "ssd_mobilenet_v1" pad_to_multiple: 4 }
    anchor_generator { ssd_anchor_generator { aspect_ratios: [1, 0.3333] } }
  }
}
train_config { fine_tune_checkpoint: "/trainer/model.ckpt" }
`

const RCNN = `model {
  faster_rcnn {
    num_classes: 3
    image_resizer { keep_aspect_ratio_resizer { } }
    feature_extractor { type: 'faster_rcnn_resnet50' }
    first_stage_anchor_generator { grid_anchor_generator { scales: 0.5 aspect_ratios: 1 } }
    initial_crop_size: 14 maxpool_kernel_size: 2 maxpool_stride: 2
    second_stage_box_predictor { mask_rcnn_box_predictor { } }
  }
}
`

function without(text: string, line: RegExp): string {
  return text.replace(line, '')
}

t.test('what is not set of an SSD has the protos’ defaults', async (t) => {
  t.strictSame(readPipeline(SSD, FILE), {
    file: FILE,
    useMovingAverages: false,
    model: {
      kind: 'ssd',
      places: {
        classes: `${FILE}:3:5`,
        resizer: `${FILE}:4:5`,
        extractor: `${FILE}:5:25`,
        anchors: `${FILE}:6:5`,
      },
      classes: 3,
      size: [300, 320],
      extractor: 'ssd_mobilenet_v1',
      padToMultiple: 4,
      anchors: {
        kind: 'ssd',
        layers: 6,
        minScale: Math.fround(0.2),
        maxScale: Math.fround(0.95),
        scales: [],
        aspectRatios: [1, Math.fround(0.3333)],
        interpolatedRatio: 1,
        reduceLowest: true,
        baseSize: [1, 1],
        strides: [],
        offsets: [],
      },
      coderScales: [10, 10, 5, 5],
      logitScale: 1,
      converter: 'IDENTITY',
      suppression: {
        scoreThreshold: 0,
        iouThreshold: Math.fround(0.6),
        maxPerClass: 100,
        maxTotal: 100,
      },
    },
  })
})

t.test('what is not set of a Faster R-CNN has the protos’ defaults', async (t) => {
  t.strictSame(readPipeline(RCNN, FILE).model, {
    kind: 'faster_rcnn',
    places: {
      classes: `${FILE}:3:5`,
      resizer: `${FILE}:4:5`,
      extractor: `${FILE}:5:25`,
      anchors: `${FILE}:6:5`,
      crops: `${FILE}:7:5`,
      predictor: `${FILE}:8:5`,
    },
    classes: 3,
    resizer: { kind: 'keep-aspect', minSide: 600, maxSide: 1024 },
    extractor: 'faster_rcnn_resnet50',
    anchors: {
      baseSize: [256, 256],
      stride: [16, 16],
      offset: [0, 0],
      scales: [0.5],
      aspectRatios: [1],
    },
    proposals: {
      scoreThreshold: 0,
      iouThreshold: Math.fround(0.7),
      maxPerClass: 300,
      maxTotal: 300,
    },
    crop: { size: 14, poolSize: 2, poolStride: 2 },
    sharesBoxes: false,
    logitScale: 1,
    converter: 'IDENTITY',
    suppression: {
      scoreThreshold: 0,
      iouThreshold: Math.fround(0.6),
      maxPerClass: 100,
      maxTotal: 100,
    },
  })
})

t.test('every way to write a message is read', async (t) => {
  const text = `# a comment with a { brace
    model: < faster_rcnn: {
      num_classes: 0x2, image_resizer { fixed_shape_resizer { height: 90; width: 120 } };
      feature_extractor { type: 'faster_rcnn' "_inception_v2" }
      first_stage_anchor_generator { grid_anchor_generator { scales: [.25, 5e-1] scales: 1f
        aspect_ratios: 1.0, aspect_ratios: [2.0] height_stride: 8 width_offset: 4 } }
      first_stage_max_proposals: 20 first_stage_nms_iou_threshold: 0.5
      initial_crop_size: 7 maxpool_kernel_size: 1 maxpool_stride: 1
      second_stage_box_predictor { mask_rcnn_box_predictor { share_box_across_classes: True } }
      second_stage_post_processing { score_converter: SOFTMAX batch_non_max_suppression { max_total_detections: 7 } }
    } > eval_config { use_moving_averages: true }`
  const { model, useMovingAverages } = readPipeline(text, FILE)
  t.equal(useMovingAverages, true)
  t.match(model, {
    classes: 2,
    resizer: { kind: 'fixed', size: [90, 120] },
    extractor: 'faster_rcnn_inception_v2',
    anchors: {
      scales: [0.25, 0.5, 1],
      aspectRatios: [1, 2],
      stride: [8, 16],
      offset: [0, 4],
    },
    proposals: { maxTotal: 20, iouThreshold: 0.5 },
    sharesBoxes: true,
    converter: 'SOFTMAX',
    suppression: { maxTotal: 7 },
  })
})

t.test('what cannot be exported is refused with line, field and value', async (t) => {
  const ssd = (from: string | RegExp, to: string) => SSD.replace(from, to)
  const rcnn = (from: string | RegExp, to: string) => RCNN.replace(from, to)
  const post = (fields: string) =>
    ssd(/ {4}image_resizer/, `    post_processing { ${fields} }\n    image_resizer`)
  const nms = (fields: string) => post(`batch_non_max_suppression { ${fields} }`)
  const more = (fields: string) => rcnn('num_classes: 3', `num_classes: 3 ${fields}`)
  const rows: readonly [text: string, message: RegExp][] = [
    ['', /config:1:1: model is missing/],
    ['model { center_net { } }', /:1:9: center_net is a kind of model.*ssd and faster_rcnn can/],
    [`graph_rewriter { }\n${SSD}`, /:1:1: graph_rewriter trains for quantization/],
    ['model { ssd {', /:1:14: expected "}" for line 1, found the end/],
    ['model { ssd: 3 }', /:1:9: ssd must be a message/],
    [ssd('num_classes: 3', 'num_classes: "3"'), /:3:5: num_classes should be a number/],
    [ssd('num_classes: 3', 'num_classes: 2.5'), /:3:5: num_classes is 2\.5.*whole number/],
    [ssd('num_classes: 3', 'num_classes: 3 num_classes: 4'), /:3:20: num_classes is given twice/],
    [without(SSD, / {4}num_classes.*/), /:2:3: num_classes is missing/],
    [ssd('"ssd_mobilenet_v1"', 'ssd'), /:5:25: type must be a quoted string/],
    [ssd('type: "ssd_mobilenet_v1"', ''), /:5:5: type is missing/],
    [ssd('pad_to_multiple: 4', 'pad_to_multiple: 32'), /pad_to_multiple 32 does not divide 300/],
    [
      ssd('fixed_shape_resizer { height: 300 width: 320 }', 'identity_resizer { }'),
      /:4:21: identity_resizer is a resizer/,
    ],
    [ssd(/ {4}image_resizer.*/, ''), /image_resizer is missing/],
    [ssd('width: 320', 'resize_method: AREA'), /:4:55: resize_method is AREA; BILINEAR can be/],
    [ssd('width: 320', 'convert_to_grayscale: true'), /convert_to_grayscale cannot be exported/],
    [ssd('width: 320', 'depth: 320'), /:4:55: depth is an option that is not known/],
    [ssd('ssd_anchor_generator {', 'other_generator {'), /:6:24: other_generator is an anchor/],
    [ssd(/ {4}anchor_generator.*/, ''), /anchor_generator is missing/],
    [ssd('[1, 0.3333]', '1 scales: 0.1'), /scales has 1 values, num_layers is 6/],
    [ssd('[1, 0.3333]', '1 height_stride: 8'), /height_stride has 1 values, width_stride 0/],
    [
      ssd(
        /ssd_anchor_generator \{.*\} \}/,
        'multiscale_anchor_generator { normalize_coordinates: 0 } }',
      ),
      /normalize_coordinates false \(anchors in pixels\)/,
    ],
    [
      ssd('    image', '    box_coder { square_box_coder { } }\n    image'),
      /:4:17: square_box_coder is a box coder/,
    ],
    [ssd('num_classes: 3', 'num_classes: 3 mask_head_config { }'), /mask_head_config cannot/],
    [
      ssd('num_classes: 3', 'num_classes: 3 add_background_class: false'),
      /:3:20: add_background_class cannot/,
    ],
    [
      ssd('num_classes: 3', 'num_classes: 3 explicit_background_class: true'),
      /explicit_background_class cannot/,
    ],
    [post('calibration_config { }'), /calibration_config cannot/],
    [post('score_converter: TANH'), /score_converter is TANH; IDENTITY, SIGMOID, SOFTMAX can/],
    [post('logit_scale: 0'), /logit_scale is 0/],
    [post('logit_scale: 1e60'), /logit_scale is 1e\+60.*not a number that a float holds/],
    [
      ssd('num_classes: 3', 'num_classes: 3000000000'),
      /:3:5: num_classes is 3000000000.*2147483647/,
    ],
    [ssd('[1, 0.3333]', '[1, 0]'), /:6:47: aspect_ratios has 0, and should be above 0/],
    [ssd('[1, 0.3333]', '1 aspect_ratios: -2'), /:6:64: aspect_ratios has -2/],
    [ssd('[1, 0.3333]', '1 scales: [0.1, -1, 1, 1, 1, 1]'), /:6:64: scales has -1/],
    [
      ssd('[1, 0.3333]', '1 min_scale: -0.2'),
      /:6:64: min_scale is -0\.2\d*, and should be above 0/,
    ],
    [ssd('[1, 0.3333]', '1 base_anchor_width: 0'), /base_anchor_width is 0/],
    [ssd('[1, 0.3333]', '1 height_stride: 0 width_stride: 8'), /height_stride has 0/],
    [
      ssd(/ssd_anchor_generator \{.*\} \}/, 'multiscale_anchor_generator { anchor_scale: 0 } }'),
      /anchor_scale is 0, and should be above 0/,
    ],
    [
      ssd('    image', '    box_coder { faster_rcnn_box_coder { y_scale: 0 } }\n    image'),
      /:4:41: y_scale is 0, and should be above 0/,
    ],
    [post('other: 1'), /other is an option that is not known/],
    [nms('use_static_shapes: true'), /use_static_shapes cannot/],
    [nms('use_class_agnostic_nms: true'), /use_class_agnostic_nms cannot/],
    [nms('use_partitioned_nms: true'), /use_partitioned_nms cannot/],
    [nms('soft_nms_sigma: 0.5'), /soft_nms_sigma cannot/],
    [nms('iou_threshold: 60'), /iou_threshold is 60, and should be from 0 to 1/],
    [nms('max_detections_per_class: 0'), /max_detections_per_class is 0/],
    [nms('use_static_shapes: maybe'), /use_static_shapes should be true or false/],
    [nms('new_option: 1'), /:4:51: new_option is an option that is not known/],
    [without(RCNN, /num_classes.*/), /:2:3: num_classes is missing/],
    [more('number_of_stages: 1'), /:3:20: number_of_stages is 1/],
    [more('number_of_stages: 3'), /number_of_stages is 3/],
    [more('first_stage_only: true'), /first_stage_only cannot/],
    [more('use_static_shapes: true'), /use_static_shapes cannot/],
    [more('use_matmul_crop_and_resize: true'), /use_matmul_crop_and_resize cannot/],
    [more('use_combined_nms_in_first_stage: true'), /use_combined_nms_in_first_stage cannot/],
    [more('first_stage_nms_iou_threshold: 7'), /first_stage_nms_iou_threshold is 7/],
    [rcnn('initial_crop_size: 14 ', ''), /initial_crop_size is missing/],
    [rcnn('maxpool_stride: 2', 'maxpool_stride: 0'), /maxpool_stride is 0/],
    [
      rcnn('resizer { }', 'resizer { pad_to_max_dimension: true }'),
      /:4:49: pad_to_max_dimension cannot/,
    ],
    [
      rcnn('resizer { }', 'resizer { min_dimension: 1100 }'),
      /min_dimension is 1100, more than max_dimension 1024/,
    ],
    [rcnn('resizer { }', 'resizer { resize_method: BICUBIC }'), /resize_method is BICUBIC/],
    [rcnn('resizer { }', 'resizer { new_option: 1 }'), /new_option is an option/],
    [rcnn('keep_aspect_ratio', 'conditional_shape'), /conditional_shape_resizer is a resizer/],
    [rcnn('grid_anchor', 'flexible_grid_anchor'), /flexible_grid_anchor_generator is an anchor/],
    [rcnn('scales: 0.5 ', ''), /scales is missing/],
    [rcnn('scales: 0.5', 'scales: -1'), /:6:60: scales has -1, and should be above 0/],
    [rcnn('mask_rcnn_box', 'rfcn_box'), /:8:34: rfcn_box_predictor is a box predictor/],
    [
      rcnn('predictor { }', 'predictor { predict_instance_masks: true }'),
      /predict_instance_masks cannot/,
    ],
    [
      more(
        'second_stage_post_processing { batch_non_max_suppression { change_coordinate_frame: false } }',
      ),
      /change_coordinate_frame false \(boxes in pixels\)/,
    ],
  ]
  for (const [text, message] of rows) {
    t.throws(() => readPipeline(text, FILE), { name: 'ExportError', message }, String(message))
  }
})
