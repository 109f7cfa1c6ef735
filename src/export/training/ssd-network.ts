import { ExportError } from '../export-error.js'
import { typeAttribute } from '../node-builder.js'
import type { NodeDef } from '../stubs.js'
import type { InputForm } from '../written-version.js'
import { cutNetwork, type NetworkCut } from './network-cut.js'
import { NodeList } from './node-list.js'
import type { SsdSettings } from './pipeline-settings.js'
import { makePreprocessing, ssdScaling } from './preprocessing.js'
import { addConvertedScores } from './score-conversion.js'
import type { ServedNetwork } from './served-network.js'
import { type Anchors, makeAnchors } from './ssd-anchors.js'
import { findSsdHeads, type SsdHead, type SsdHeads } from './ssd-heads.js'
import { addColumnScores, addSuppression } from './suppression.js'
import type { TrainingGraph } from './training-graph.js'

const FLOAT = typeAttribute('DT_FLOAT')

/** The most columns and rows of comparisons for which the scores of all classes are looked up again. */
const COLUMN_LIMIT = 2 ** 23

/**
 * Makes a served network of an SSD's training graph: input and preprocessing, the trained network, anchors, box decoding and
 * suppression, with the outputs of the official exporter. Throws `ExportError` when graph and settings are not of
 * the same training, or the graph has what cannot be taken over.
 */
export function makeSsdNetwork(
  { graph }: TrainingGraph,
  settings: SsdSettings,
  form: InputForm,
): ServedNetwork {
  const heads = findSsdHeads(graph)
  const input = makePreprocessing(form, ssdScaling(settings), settings.size)
  const tensors = [...heads.boxes, ...heads.classes].map(({ tensor }) => tensor)
  const network = cutNetwork(graph, { heads: tensors, batch: heads.batch, images: input.images })
  assertImageSize(graph.source.name, network, settings)
  assertLevels(graph.source.name, heads, settings)
  const grids = heads.boxes.map(({ grid }) => grid)
  const anchors = makeAnchors(settings.anchors, grids, settings.size)
  assertHeads(graph.source.name, heads, anchors, settings)
  const post = makePostprocessing(heads, anchors, settings)
  return {
    nodes: [...input.nodes, ...network.nodes, ...post.nodes],
    variables: network.variables,
    placeholder: input.placeholder,
    outputs: post.outputs,
  }
}

function assertImageSize(file: string, { entry }: NetworkCut, { size, places }: SsdSettings): void {
  const [, height, width, channels] = entry?.shape ?? []
  if (height === size[0] && width === size[1] && channels === 3) return
  throw new ExportError(
    `${places.resizer}: resizes images to ${size[0]} x ${size[1]} (height x width), ${file} was trained with ` +
      `${height} x ${width} x ${channels}: it is the config of another training`,
  )
}

function assertLevels(file: string, { boxes }: SsdHeads, { anchors, places }: SsdSettings): void {
  const [what, levels] =
    anchors.kind === 'ssd'
      ? ['num_layers', anchors.layers]
      : [
          `levels ${anchors.minLevel} to ${anchors.maxLevel}`,
          anchors.maxLevel - anchors.minLevel + 1,
        ]
  if (levels === boxes.length) return
  throw new ExportError(
    `${places.anchors}: says ${what} (${levels}), ${file} predicts on ${boxes.length} feature maps: it is the config ` +
      'of another training',
  )
}

function assertHeads(
  file: string,
  { boxes, classes, columns }: SsdHeads,
  { perCell }: Anchors,
  settings: SsdSettings,
): void {
  if (columns !== settings.classes + 1) {
    throw new ExportError(
      `${settings.places.classes}: says num_classes ${settings.classes}, the class predictor of ${file} has ${columns} columns, one ` +
        'of them the background: it is the config of another training',
    )
  }
  for (const [level, head] of boxes.entries()) {
    const rows = head.grid[0] * head.grid[1] * perCell[level]!
    if (head.rows === rows && classes[level]!.rows === rows) continue
    throw new ExportError(
      `${settings.places.anchors}: makes ${rows} anchors on level ${level} (${head.grid[0]} x ${head.grid[1]} places, ` +
        `${perCell[level]} each), ${file} predicts ${head.rows} boxes there: it is the config of another training`,
    )
  }
}

interface Postprocessing {
  readonly nodes: readonly NodeDef[]
  readonly outputs: Readonly<Record<string, readonly number[]>>
}

function makePostprocessing(
  heads: SsdHeads,
  anchors: Anchors,
  settings: SsdSettings,
): Postprocessing {
  const list = new NodeList('Postprocessor')
  const count = anchors.corners.length / 4
  const corners = decodeBoxes(list, joinLevels(list, heads.boxes, 4), anchors, settings)
  const columns = addConvertedScores(list, joinLevels(list, heads.classes, heads.columns), settings)
  const foreground = list.slice(columns, [0, 0, 1], [-1, -1, -1])
  const survivors = addSuppression(
    list,
    {
      boxes: list.expand(corners, 2),
      scores: foreground,
      anchors: count,
      classes: settings.classes,
      window: { low: list.floats(0), high: list.floats(1) },
    },
    settings.suppression,
  )
  const { rows } = survivors
  const output = (name: string, tensor: string) =>
    list.add(name, 'Identity', [tensor], { T: FLOAT })
  output('detection_boxes', survivors.boxes)
  output('detection_scores', survivors.scores)
  // Columns are numbered from 0, ids from 1: the background column has been cut off.
  output('detection_classes', list.op('Add', [survivors.classes, list.floats(1)]))
  output('num_detections', survivors.count)
  output('raw_detection_boxes', corners)
  output('raw_detection_scores', columns)
  const outputs: Record<string, readonly number[]> = {
    detection_boxes: [-1, rows, 4],
    detection_scores: [-1, rows],
    detection_classes: [-1, rows],
    num_detections: [-1],
    raw_detection_boxes: [-1, count, 4],
    raw_detection_scores: [-1, count, heads.columns],
  }
  if (count * rows <= COLUMN_LIMIT) {
    output(
      'detection_multiclass_scores',
      addColumnScores(list, survivors, { corners, columns, foreground }),
    )
    outputs.detection_multiclass_scores = [-1, rows, heads.columns]
  }
  return { nodes: list.nodes, outputs }
}

/** Joins the levels' predictions to `[batch, anchors, width]`. */
function joinLevels(list: NodeList, levels: readonly SsdHead[], width: number): string {
  const parts = levels.map(({ tensor, rows }) => list.reshape(tensor, [-1, rows, width]))
  return list.concat(parts, 1)
}

/** faster_rcnn_box_coder: centres move by sizes of the anchor, sizes grow by exponentials. Gives `[batch, anchors, 4]`. */
function decodeBoxes(
  list: NodeList,
  encodings: string,
  { corners }: Anchors,
  { coderScales }: SsdSettings,
): string {
  const count = corners.length / 4
  const sizes = new Float32Array(count * 2)
  const centers = new Float32Array(count * 2)
  for (let anchor = 0; anchor < count; anchor++) {
    for (const axis of [0, 1]) {
      const low = corners[4 * anchor + axis]!
      const size = Math.fround(corners[4 * anchor + axis + 2]! - low)
      sizes[2 * anchor + axis] = size
      centers[2 * anchor + axis] = low + size / 2
    }
  }
  const anchorSizes = list.tensor([count, 2], sizes)
  const scaled = list.op('RealDiv', [encodings, list.floats(coderScales)])
  const shift = list.op('Mul', [list.slice(scaled, [0, 0, 0], [-1, -1, 2]), anchorSizes])
  const center = list.op('Add', [shift, list.tensor([count, 2], centers)])
  const growth = list.op('Exp', [list.slice(scaled, [0, 0, 2], [-1, -1, 2])])
  const half = list.op('RealDiv', [list.op('Mul', [growth, anchorSizes]), list.floats(2)])
  return list.concat([list.op('Sub', [center, half]), list.op('Add', [center, half])], 2)
}
