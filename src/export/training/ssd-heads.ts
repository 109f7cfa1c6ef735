import { ExportError } from '../export-error.js'
import { type Graph, type GraphNode, inputNode, nodesOf } from '../graph.js'
import { outputShape, plainInputs, variableOf } from './training-graph.js'

const PREDICTOR = /BoxPredictor/
const FOREIGN = /^(gradients|Loss)/
const CLONE = /^clone_\d+\//
const FIRST_CLONE = 'clone_0/'
const WEIGHTS = /\/(ClassPredictor|BoxEncodingPredictor|BoxPredictor)\//
const WALK_LIMIT = 64

/** What the last convolution on one level of an SSD predicts. */
export interface SsdHead {
  /** The tensor before the trained reshape, whose shape has the batch size in it. */
  readonly tensor: string
  /** Rows of the reshape, one an anchor. */
  readonly rows: number
  /** Height and width of the level's grid. */
  readonly grid: readonly [height: number, width: number]
}

/** The heads of an SSD, in order of level. */
export interface SsdHeads {
  readonly boxes: readonly SsdHead[]
  readonly classes: readonly SsdHead[]
  /** Columns of the class predictions, background included. */
  readonly columns: number
  /** The batch size in training. */
  readonly batch: number
}

type HeadKind = 'box' | 'class'

/**
 * Finds the heads of an SSD by structure: reshapes of box predictors that meet in one concatenation of boxes and one of
 * classes, told apart by the name of the weights behind them. Shapes do not tell: three classes and the background look
 * like a box. Throws `ExportError` when there are not exactly these two.
 */
export function findSsdHeads(graph: Graph): SsdHeads {
  const kinds = headKinds(graph)
  const groups = concatenations(graph, kinds)
  const boxes = only(groups, 'box')
  const classes = only(groups, 'class')
  if (boxes === undefined || classes === undefined || boxes.length !== classes.length) {
    throw new ExportError(
      `${graph.source.name}: is a training graph in which the predictors of boxes and classes were not found ` +
        '(reshapes named *BoxPredictor* under one concatenation each): is it an SSD of the Object Detection API?',
    )
  }
  const shapeOf = (name: string) => outputShape(graph, name) ?? []
  return {
    boxes: boxes.map((name) => toHead(graph, name)),
    classes: classes.map((name) => toHead(graph, name)),
    columns: shapeOf(classes[0]!).at(-1) ?? -1,
    batch: shapeOf(boxes[0]!)[0] ?? -1,
  }
}

/** Training on several GPUs has the model once for each; the first is as good as any. */
function headKinds(graph: Graph): ReadonlyMap<string, HeadKind> {
  const reshapes = nodesOf(graph, 'Reshape').filter(
    ({ name }) => PREDICTOR.test(name) && !FOREIGN.test(name),
  )
  const hasClones = reshapes.some(({ name }) => CLONE.test(name))
  const kinds = new Map<string, HeadKind>()
  for (const { name } of reshapes) {
    if (hasClones && !name.startsWith(FIRST_CLONE)) continue
    const rank = outputShape(graph, name)?.length
    const kind = rank === 3 || rank === 4 ? headKind(graph, name) : undefined
    if (kind !== undefined) kinds.set(name, kind)
  }
  return kinds
}

function headKind(graph: Graph, name: string): HeadKind | undefined {
  let node: GraphNode | undefined = graph.nodes.get(name)
  for (let step = 0; node !== undefined && step < WALK_LIMIT; step++) {
    const [input = '', weights = ''] = plainInputs(node)
    if (node.op === 'Conv2D') {
      const match = WEIGHTS.exec(variableOf(graph, weights) ?? '')
      if (match === null) return undefined
      return match[1] === 'ClassPredictor' ? 'class' : 'box'
    }
    node = graph.nodes.get(inputNode(input))
  }
  return undefined
}

function concatenations(
  graph: Graph,
  kinds: ReadonlyMap<string, HeadKind>,
): [HeadKind, readonly string[]][] {
  const found: [HeadKind, readonly string[]][] = []
  for (const node of nodesOf(graph, 'ConcatV2')) {
    const parts = plainInputs(node).slice(0, -1)
    const kind = kinds.get(parts[0] ?? '')
    if (kind !== undefined && parts.every((part) => kinds.get(part) === kind))
      found.push([kind, parts])
  }
  // With a single level there is nothing to concatenate.
  if (found.length === 0 && kinds.size === 2) {
    return [...kinds].map(([name, kind]) => [kind, [name]])
  }
  return found
}

function only(
  groups: readonly [HeadKind, readonly string[]][],
  wanted: HeadKind,
): readonly string[] | undefined {
  const matching = groups.filter(([kind]) => kind === wanted)
  return matching.length === 1 ? matching[0]![1] : undefined
}

function toHead(graph: Graph, reshape: string): SsdHead {
  const tensor = plainInputs(graph.nodes.get(reshape)!)[0]!
  const shape = outputShape(graph, tensor) ?? []
  const rows = outputShape(graph, reshape)?.[1] ?? -1
  const [, height = -1, width = -1] = shape
  if (shape.length >= 4 && height > 0 && width > 0 && rows > 0) {
    return { tensor, rows, grid: [height, width] }
  }
  throw new ExportError(
    `${graph.source.name}: the graph does not tell the grid of the predictor ${reshape}: [${shape}]`,
  )
}
