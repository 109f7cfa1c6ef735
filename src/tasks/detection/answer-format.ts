import type {
  BoxFormat,
  CardBoxes,
  CardScores,
  Column,
  ModelCard,
} from '../../repository/model-card.js'
import type { TensorInfo } from '../../serving/model-server.js'
import type { InputSignature } from '../image/input-signature.js'

/**
 * How a model writes what it finds. Outputs are apart (boxes, scores and classes each their own) or joined (`columns` of
 * one tensor).
 */
export interface AnswerFormat {
  /** What stands side by side in a row of the joined output; absent where outputs are apart. */
  readonly columns?: readonly Column[]
  readonly boxes: {
    readonly format: BoxFormat
    /** `measured`: pixels where a coordinate is above 2, which those of a grid that spans the tensor are. */
    readonly unit: 'fraction' | 'pixel' | 'measured'
    readonly strides?: readonly number[] | undefined
  }
  readonly scores: CardScores & {
    /** Whether there is a score for each class, rather than the best one and its class. */
    readonly byClass: boolean
  }
  /** Number of classes, where the card tells it. */
  readonly classes?: number | undefined
}

/** A known form of a joined output, and what it is called. */
interface Convention {
  readonly name: string
  readonly columns: readonly Column[]
  readonly boxes: CardBoxes
}

/** Ultralytics YOLOv10, YOLO26 and exports with NMS (docs.ultralytics.com/guides/end2end-detection). */
const END_TO_END: Convention = {
  name: 'rows of a box, its score and its class',
  columns: ['box', 'score', 'class'],
  boxes: { format: 'xyxy', unit: 'pixel' },
}
/** Ultralytics YOLOv8 and YOLO11: a column for each of the boxes of a grid, [b,4+C,8400] at 640 pixels. */
const GRID: Convention = {
  name: 'a grid of boxes with a score for each class',
  columns: ['box', 'scores'],
  boxes: { format: 'cxcywh' },
}
/** YOLOv5, YOLOv7 and YOLOX: [b,25200,5+C] at 640 pixels. */
const OBJECTNESS_GRID: Convention = {
  name: 'a grid of boxes with objectness and a score for each class',
  columns: ['box', 'objectness', 'scores'],
  boxes: { format: 'cxcywh' },
}
/** YOLOv7 exported end to end with ONNX Runtime's NMS: rows of all images together. */
const YOLOV7_ROWS: Convention = {
  name: 'rows of an image number, a box, its class and its score',
  columns: ['image', 'box', 'class', 'score'],
  boxes: { format: 'xyxy', unit: 'pixel' },
}
/** OpenVINO's DetectionOutput-8 and OpenCV's layer of that name: [1,1,N,7]. */
const DETECTION_OUTPUT: Convention = {
  name: 'rows of an image number, a class, its score and its box',
  columns: ['image', 'class', 'score', 'box'],
  boxes: { format: 'xyxy', unit: 'fraction' },
}

const JOINED = [END_TO_END, GRID, OBJECTNESS_GRID, YOLOV7_ROWS, DETECTION_OUTPUT]

/** More rows than networks answer that suppress by themselves (300 or fewer), fewer than the smallest grid has. */
const MANY = 1000

const isMany = (dimension: number) => dimension === -1 || dimension > MANY

/** Tells, where the card names the classes, which of two conventions their number fits. */
function byLabels(columns: number, card: ModelCard | undefined, fallback: Convention): Convention {
  const classes = card?.labels?.size
  if (classes === columns - 4) return GRID
  if (classes === columns - 5) return OBJECTNESS_GRID
  return fallback
}

/** Tells which grid a table of so many rows and columns is. */
function gridOf(
  rows: number,
  columns: number,
  card: ModelCard | undefined,
): Convention | undefined {
  if (isMany(columns) && rows >= 5) return byLabels(rows, card, GRID)
  if (!isMany(rows) || columns < 5) return undefined
  if (columns === 5) return GRID
  // Six columns of any number of rows may be either kind.
  const isClear = columns > 6 || rows > MANY
  return isClear ? byLabels(columns, card, OBJECTNESS_GRID) : undefined
}

/** What of a model's input tells how it answers. */
type InputForm = Pick<InputSignature, 'batched' | 'layout'>

/** Tells the convention of a joined output by its shape; `undefined` where that could be several or none. */
function conventionOf(
  shape: readonly number[],
  { batched, layout }: InputForm,
  card: ModelCard | undefined,
): Convention | undefined {
  const [rows, columns] = shape.slice(-2) as [number, number]
  if (columns === 7 && shape.length === 4 && shape[1] === 1 && rows !== 1) return DETECTION_OUTPUT
  // With channels last it is a Keras classifier of seven classes: YOLOv7 is PyTorch's.
  const isYolo = batched && layout === 'nchw'
  if (columns === 7 && shape.length === 2 && isYolo) return YOLOV7_ROWS
  if (shape.length !== (batched ? 3 : 2)) return undefined
  const isFew = rows > 0 && rows <= MANY
  return columns === 6 && isFew ? END_TO_END : gridOf(rows, columns, card)
}

function same(one: readonly Column[], other: readonly Column[]): boolean {
  return one.length === other.length && one.every((column, at) => column === other[at])
}

/**
 * The format of a joined output: the card's columns, else those that its shape tells. `undefined` where neither does.
 */
export function joinedFormat(
  { shape }: TensorInfo,
  input: InputForm,
  card: ModelCard | undefined,
): AnswerFormat | undefined {
  const given = card?.columns
  const known = given ? JOINED.find((it) => same(it.columns, given)) : undefined
  const found = known ?? (shape === null ? undefined : conventionOf(shape, input, card))
  const columns = given ?? found?.columns
  if (columns === undefined) return undefined
  const byClass = columns.includes('scores')
  const boxes = { ...found?.boxes, ...defined(card?.boxes) }
  return {
    columns,
    boxes: {
      format: boxes.format ?? (byClass ? 'cxcywh' : 'xyxy'),
      unit: boxes.unit ?? unitOf(byClass, boxes, 'pixel'),
      strides: boxes.strides,
    },
    scores: { ...card?.scores, byClass },
    classes: card?.scores?.classes ?? card?.labels?.size,
  }
}

/** The format of outputs apart: the Object Detection API's unless the card says otherwise. */
export function apartFormat(byClass: boolean, card: ModelCard | undefined): AnswerFormat {
  const { format = 'yxyx', unit, strides } = card?.boxes ?? {}
  return {
    boxes: { format, unit: unit ?? unitOf(byClass, { strides }, 'fraction'), strides },
    scores: { ...card?.scores, byClass },
  }
}

/** What a card that says nothing of the unit means: grids tell it by themselves, and strides give pixels. */
function unitOf(byClass: boolean, { strides }: CardBoxes, other: 'fraction' | 'pixel') {
  if (strides !== undefined) return 'pixel'
  return byClass ? 'measured' : other
}

function defined<T extends object>(value: T | undefined): Partial<T> {
  const entries = Object.entries(value ?? {}).filter(([, it]) => it !== undefined)
  return Object.fromEntries(entries) as Partial<T>
}

const FORMATS: Readonly<Record<BoxFormat, string>> = {
  yxyx: 'y_min, x_min, y_max, x_max',
  xyxy: 'x_min, y_min, x_max, y_max',
  cxcywh: 'centre, width, height',
  xywh: 'x_min, y_min, width, height',
}

const UNITS = {
  fraction: 'as fractions',
  pixel: 'in pixels',
  measured: 'as fractions or in pixels by their size',
}

/** Words a format for people. */
export function describeFormat({ columns, boxes, scores }: AnswerFormat): string {
  const joined =
    columns &&
    (JOINED.find((it) => same(it.columns, columns))?.name ?? `rows of ${columns.join(', ')}`)
  const apart = scores.byClass
    ? 'boxes and a score for each class'
    : 'boxes, scores and classes apart'
  const activation = scores.activation ?? 'none'
  return [
    joined ?? apart,
    `boxes of ${FORMATS[boxes.format]} ${UNITS[boxes.unit]}`,
    ...(boxes.strides === undefined
      ? []
      : [`to be decoded with strides ${boxes.strides.join(', ')}`]),
    ...(activation === 'none' ? [] : [`scores by ${activation}`]),
    ...(scores.byClass ? ['suppressed here'] : []),
  ].join(', ')
}
