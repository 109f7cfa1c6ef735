import t from 'tap'
import { parsePipelineConfig } from '../../../../src/export/repository/pipeline-config.js'

t.test('parsePipelineConfig() reads', async (t) => {
  const cases: { name: string; text: string; facts: object }[] = [
    {
      name: 'an SSD',
      text: `model {
  ssd {
    num_classes: 90
    image_resizer { fixed_shape_resizer { height: 320 width: 640 } }
    post_processing { batch_non_max_suppression { max_total_detections: 200 } }
  }
}
train_input_reader { label_map_path: "PATH_TO_BE_CONFIGURED/mscoco_label_map.pbtxt" }`,
      facts: {
        resizer: { kind: 'fixed', size: [320, 640] },
        classes: 90,
        maxDetections: 200,
        labelMap: 'mscoco_label_map.pbtxt',
      },
    },
    {
      name: 'a Faster R-CNN, by its second stage',
      text: `model: { faster_rcnn: {
  num_classes: 3
  image_resizer { keep_aspect_ratio_resizer { min_dimension: 600 max_dimension: 1024 pad_to_max_dimension: true } }
  second_stage_post_processing { batch_non_max_suppression { max_total_detections: 300 } }
}}
eval_input_reader: [{ label_map_path: 'C:\\\\data\\\\labels.pbtxt' }]`,
      facts: {
        resizer: { kind: 'keep-aspect', minSide: 600, maxSide: 1024 },
        classes: 3,
        maxDetections: 300,
        labelMap: 'labels.pbtxt',
      },
    },
    {
      name: 'a CenterNet',
      text: `model { center_net { num_classes: 90
  object_center_params { max_box_predictions: 100 }
  image_resizer { fixed_shape_resizer {} } } }`,
      facts: { resizer: { kind: 'fixed', size: [300, 300] }, classes: 90, maxDetections: 100 },
    },
    {
      name: 'the defaults of a range',
      text: 'model { ssd { image_resizer { keep_aspect_ratio_resizer { } } } }',
      facts: { resizer: { kind: 'keep-aspect', minSide: 600, maxSide: 1024 } },
    },
    {
      name: 'another resizer as none',
      text: 'model { ssd { image_resizer { identity_resizer {} } } }',
      facts: { resizer: undefined, classes: undefined, maxDetections: undefined },
    },
    {
      name: 'a file that says nothing',
      text: '# empty',
      facts: {
        resizer: undefined,
        classes: undefined,
        maxDetections: undefined,
        labelMap: undefined,
      },
    },
  ]
  for (const { name, text, facts } of cases) {
    t.match(parsePipelineConfig(text, 'pipeline.config'), facts, name)
  }
  t.throws(() => parsePipelineConfig('model {\n  ssd', 'pipeline.config'), {
    name: 'RepositoryFileError',
    message: /pipeline\.config:2/,
  })
})
