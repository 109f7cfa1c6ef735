import { integersAttribute, textAttribute, typeAttribute } from '../node-builder.js'
import type { NodeDef } from '../stubs.js'
import type { InputForm } from '../written-version.js'
import { type FasterRcnnBorders, findFasterRcnnBorders } from './faster-rcnn-borders.js'
import { assertSameTraining } from './faster-rcnn-check.js'
import type { CropSettings, FasterRcnnSettings } from './faster-rcnn-settings.js'
import { cutNetwork } from './network-cut.js'
import { NodeList } from './node-list.js'
import { fasterRcnnScaling } from './preprocessing.js'
import { addProposals, decodeCorners, inverseSize } from './proposals.js'
import { makeResizedImage } from './resized-image.js'
import { addConvertedScores } from './score-conversion.js'
import type { ServedNetwork } from './served-network.js'
import { addSuppression } from './suppression.js'
import type { TrainingGraph } from './training-graph.js'

const FLOAT = typeAttribute('DT_FLOAT')
const INT32 = typeAttribute('DT_INT32')

/** An image has proposals of its own in any number, so that a call takes one. */
const BATCH = 1

/**
 * Makes a served network of a Faster R-CNN's training graph: both trained parts are cut out of it; input, proposals, crops
 * and suppression are made. It takes one image a call and has the outputs of the official exporter but the raw ones,
 * which are padded there to the most proposals. Throws `ExportError` when graph and settings are not of the same
 * training, or the graph has what cannot be taken over.
 */
export function makeFasterRcnnNetwork(
  { graph }: TrainingGraph,
  settings: FasterRcnnSettings,
  form: InputForm,
): ServedNetwork {
  const borders = findFasterRcnnBorders(graph)
  assertSameTraining(graph.source.name, borders, settings)
  const input = makeResizedImage(form, fasterRcnnScaling(settings), settings.resizer)
  const list = new NodeList('Proposals')
  const { features, firstBoxes, firstClasses, secondBoxes, secondClasses } = borders
  const { size } = input
  const first = { boxes: firstBoxes.tensor, classes: firstClasses.tensor, features, size }
  const proposals = addProposals(list, first, settings.anchors, settings.proposals)
  const crops = addCrops(list, features, proposals, settings.crop)
  const network = cutNetwork(graph, {
    heads: [firstBoxes, firstClasses, secondBoxes, secondClasses]
      .map(({ tensor }) => tensor)
      .concat(features),
    // Reshapes of the second part have the number of crops in them.
    batch: borders.crops.shape[0] ?? -1,
    borders: new Map([
      [borders.images.tensor, input.image],
      [borders.crops.tensor, crops],
    ]),
  })
  const post = makePostprocessing(borders, proposals, size, settings)
  return {
    nodes: [...input.nodes, ...list.nodes, ...network.nodes, ...post.nodes],
    variables: network.variables,
    placeholder: input.placeholder,
    outputs: post.outputs,
  }
}

/** Cuts the proposals out of the features: float32 `[proposals, side, side, depth]`. */
function addCrops(
  list: NodeList,
  features: string,
  proposals: string,
  { size, poolSize, poolStride }: CropSettings,
): string {
  // One zero a proposal: all are of the only image.
  const zeros = list.op('Mul', [list.slice(proposals, [0, 0], [-1, 1]), list.floats(0)])
  const images = list.cast(list.reshape(zeros, [-1]), FLOAT, INT32)
  const crops = list.op(
    'CropAndResize',
    [features, proposals, images, list.integers([size, size])],
    {
      method: textAttribute('bilinear'),
    },
  )
  return list.op('MaxPool', [crops], {
    ksize: integersAttribute([1, poolSize, poolSize, 1]),
    strides: integersAttribute([1, poolStride, poolStride, 1]),
    padding: textAttribute('VALID'),
    data_format: textAttribute('NHWC'),
  })
}

interface Postprocessing {
  readonly nodes: readonly NodeDef[]
  readonly outputs: Readonly<Record<string, readonly number[]>>
}

function makePostprocessing(
  { secondBoxes, secondClasses }: FasterRcnnBorders,
  proposals: string,
  size: string,
  settings: FasterRcnnSettings,
): Postprocessing {
  const list = new NodeList('Postprocessor')
  const boxes = decodeBoxes(list, secondBoxes.tensor, proposals, size, settings)
  const scores = addConvertedScores(list, secondClasses.tensor, settings)
  const survivors = addSuppression(
    list,
    {
      boxes: list.expand(boxes, 0),
      scores: list.expand(list.slice(scores, [0, 1], [-1, -1]), 0),
      anchors: settings.proposals.maxTotal,
      classes: settings.classes,
      window: { low: list.floats(0), high: size },
    },
    settings.suppression,
  )
  const { rows } = survivors
  const output = (name: string, tensor: string) =>
    list.add(name, 'Identity', [tensor], { T: FLOAT })
  output('detection_boxes', list.op('Mul', [survivors.boxes, inverseSize(list, size)]))
  output('detection_scores', survivors.scores)
  // Columns are numbered from 0, ids from 1: the background column has been cut off.
  output('detection_classes', list.op('Add', [survivors.classes, list.floats(1)]))
  output('num_detections', survivors.count)
  return {
    nodes: list.nodes,
    outputs: {
      detection_boxes: [BATCH, rows, 4],
      detection_scores: [BATCH, rows],
      detection_classes: [BATCH, rows],
      num_detections: [BATCH],
    },
  }
}

/** Gives the boxes of every proposal in pixels: `[proposals, 1 or classes, 4]`. */
function decodeBoxes(
  list: NodeList,
  encodings: string,
  proposals: string,
  size: string,
  { classes, sharesBoxes }: FasterRcnnSettings,
): string {
  const pixels = list.op('Mul', [proposals, list.concat([size, size], 0)])
  const corner = (place: number) =>
    list.reshape(list.slice(pixels, [0, place], [-1, 2]), [-1, 1, 2])
  const perProposal = list.reshape(encodings, [-1, sharesBoxes ? 1 : classes, 4])
  const corners = { low: corner(0), high: corner(2) }
  const { low, high } = decodeCorners(list, perProposal, corners, [-1, -1])
  return list.concat([low, high], 2)
}
