import type { CardFacts } from '../export/repository/card-writer.js'
import { type Companions, findCompanions, readLabelFile } from '../export/repository/companions.js'
import type { Resizer } from '../export/resizer.js'
import { DEFAULT_SIGNATURE } from '../export/saved-model-writer.js'
import type { WrittenVersion } from '../export/written-version.js'
import { firstIdOf } from '../repository/card-schema.js'
import { COCO_LABELS, DEMO_CARD } from '../repository/demo-card.js'
import type { CardTask, LabelMap } from '../repository/model-card.js'
import type { ModelSource } from './export-source.js'

/** What is known of an exported model, for its card and for the person who exports it. */
export interface ModelFacts {
  readonly card: CardFacts
  readonly resizer: Resizer | undefined
  /** Where the labels are from, in words. */
  readonly labelsFrom: string
  /** What to do where no labels were found, unless the card has some. */
  readonly labelsAdvice: string
  /** What the person should know or do. */
  readonly notes: readonly string[]
}

/** The published models with this many classes name them by COCO's original ids. */
const COCO_CLASSES = 90

/** Numbers of classes of the Object Detection API's models of Open Images, and the label map each was trained with. */
const OPEN_IMAGES: Readonly<Record<number, string>> = {
  545: 'oid_bbox_trainable_label_map.pbtxt',
  601: 'oid_v4_label_map.pbtxt',
}

/** The longest side that is sent goes no lower: smaller pictures with their aspect kept cost accuracy. */
const MIN_MAX_SIDE = 640

/** What the gateway gives of itself where a card says nothing. */
const USUAL_MAX_DETECTIONS = 100
const LARGEST_MAX_DETECTIONS = 1000

/** Longest side in pixels that a card may ask for. */
const LARGEST_SIDE = 8192

/** What the person who exports a model, its card and its signatures say of it. */
export interface GivenFacts {
  readonly labelsFile?: string | undefined
  readonly pipelineFile?: string | undefined
  readonly task?: CardTask | undefined
}

/** Gathers what the graph, the files beside it and the person say of a model. Throws for a `--labels` file that is bad. */
export async function gatherFacts(
  source: ModelSource,
  written: WrittenVersion,
  { labelsFile, pipelineFile, task }: GivenFacts,
): Promise<ModelFacts> {
  const companions = await findCompanions(source.companions, pipelineFile, firstIdOf(task))
  const notes = companions.problems.map((problem) => `Not used: ${problem}`)
  const labels = await chooseLabels(source, written, companions, { labelsFile, task }, notes)
  const resizer = written.resizer ?? companions.pipeline?.resizer
  const maxDetections = companions.pipeline?.maxDetections
  const isUsual = maxDetections === undefined || maxDetections === USUAL_MAX_DETECTIONS
  return {
    card: {
      task,
      labels: labels?.map,
      replaceLabels: labelsFile !== undefined,
      input: source.isDemo ? demoInput() : toCardInput(resizer),
      defaults: isUsual
        ? undefined
        : { max_detections: Math.min(maxDetections, LARGEST_MAX_DETECTIONS) },
      signature: written.signature.name === DEFAULT_SIGNATURE ? undefined : written.signature.name,
    },
    resizer,
    labelsFrom: labels?.from ?? 'none',
    labelsAdvice: missingLabels(written.classes ?? companions.pipeline?.classes),
    notes,
  }
}

interface ChosenLabels {
  readonly map: LabelMap
  readonly from: string
}

async function chooseLabels(
  source: ModelSource,
  written: WrittenVersion,
  { pipeline, labels, labelsFile }: Companions,
  { labelsFile: asked, task }: GivenFacts,
  notes: string[],
): Promise<ChosenLabels | undefined> {
  if (asked !== undefined) {
    return { map: await readLabelFile(asked, firstIdOf(task)), from: asked }
  }
  if (source.isDemo) return { map: COCO_LABELS, from: 'COCO' }
  const classes = written.classes ?? pipeline?.classes
  if (labels !== undefined && labelsFile !== undefined) {
    const largest = Math.max(...labels.keys())
    if (classes === undefined || largest <= classes) return { map: labels, from: labelsFile }
    notes.push(
      `Not used: ${labelsFile} has the id ${largest}, the model has ${classes} classes. If it is right, name it with --labels`,
    )
  }
  if (classes === COCO_CLASSES) {
    return { map: COCO_LABELS, from: `COCO, taken from the number of classes, ${classes}` }
  }
  return undefined
}

function missingLabels(classes: number | undefined): string {
  const openImages = OPEN_IMAGES[classes ?? 0]
  if (openImages !== undefined) {
    return (
      `No labels: ${classes} classes are those of Open Images. Their names are in the Object Detection API's ` +
      `${openImages}: export with --labels, or put it beside the card and name it there ("labels")`
    )
  }
  const count = classes === undefined ? '' : ` (${classes} ${classes === 1 ? 'class' : 'classes'})`
  return (
    `No labels${count}: detections will have a class_id and no name. ` +
    'Export with --labels FILE (.pbtxt, .txt, .csv, .json), or write them on the card'
  )
}

/** Gives the size to send for a resizer: what the model would make of the picture anyway. */
function toCardInput(resizer: Resizer | undefined): CardFacts['input'] {
  if (resizer === undefined) return undefined
  if (resizer.kind === 'keep-aspect') {
    return { max_side: Math.max(Math.ceil(resizer.maxSide), MIN_MAX_SIDE) }
  }
  const [height, width] = resizer.size
  if (Math.max(height, width) > LARGEST_SIDE) return undefined
  return { size: [height, width], fit: 'stretch' }
}

function demoInput(): CardFacts['input'] {
  const { size, fit, kernel } = DEMO_CARD.input
  return size && fit && kernel && { size: [size[0], size[1]], fit, kernel }
}
