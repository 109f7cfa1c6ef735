import t from 'tap'
import { assertBody } from '../../../../src/export/training/network-body.js'

const places = { classes: 'c:1:1', resizer: 'c:2:1', extractor: 'c:3:5', anchors: 'c:4:1' }

t.test('the weights of another body are refused', async (t) => {
  const rows = [
    ['ssd_resnet50_v1_fpn', 'FeatureExtractor/MobilenetV1/Conv2d_0/weights', 'mobilenet_v1'],
    ['ssd_mobilenet_v1', 'FeatureExtractor/resnet_v1_50/conv1/weights', 'resnet50'],
    ['ssd_resnet50_v1_fpn', 'FeatureExtractor/resnet_v1_101/conv1/weights', 'resnet101'],
    [
      'faster_rcnn_inception_v2',
      'SecondStageFeatureExtractor/InceptionResnetV2/Mixed_7a/weights',
      'inception_resnet_v2',
    ],
  ] as const
  for (const [extractor, variable, body] of rows) {
    t.throws(() => assertBody('a.meta', { extractor, places }, ['x', variable]), {
      name: 'ExportError',
      message: `c:3:5: says the feature extractor "${extractor}", the network of a.meta is a ${body} (it has the variable ${variable}): it is the config of another training`,
    })
  }
})

t.test('the body of the type, a part made after it, and one that is not known fit', async (t) => {
  const rows = [
    ['embedded_ssd_mobilenet_v1', 'FeatureExtractor/MobilenetV1/Conv2d_0/weights'],
    ['ssd_mobilenet_v2_mnasfpn', 'FeatureExtractor/MobilenetV2/Conv/weights'],
    ['ssd_mobilenet_v2_mnasfpn', 'FeatureExtractor/MnasFPN/cell_0/weights'],
    ['ssd_mobilenet_v3_small', 'FeatureExtractor/MobilenetV3/Conv/weights'],
    ['faster_rcnn_resnet152', 'FirstStageFeatureExtractor/resnet_v1_152/conv1/weights'],
    ['ssd_resnet50_v1_fpn', 'FeatureExtractor/Net/Conv/weights'],
  ] as const
  for (const [extractor, variable] of rows) {
    t.doesNotThrow(() => assertBody('a.meta', { extractor, places }, [variable]), extractor)
  }
})
