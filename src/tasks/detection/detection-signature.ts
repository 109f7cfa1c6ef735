import type { ModelCard } from '../../repository/model-card.js'
import type { Signature, TensorInfo } from '../../serving/model-server.js'
import { mayHaveOutput } from '../image/complete-signature.js'
import {
  chooseSignature,
  type InputSignature,
  listNames,
  readInputSignature,
  type SignatureOwner,
  signatureMismatch,
} from '../image/input-signature.js'
import { type AnswerFormat, apartFormat, joinedFormat } from './answer-format.js'

/** Outputs that are read: by their names in the TensorFlow Object Detection API, or `detections` that has all in one. */
export type OutputName =
  | 'detection_boxes'
  | 'detection_scores'
  | 'detection_classes'
  | 'num_detections'
  | 'detections'

/** What a detection model wants and gives: its signature and its card, merged once and read everywhere. */
export interface DetectionSignature extends InputSignature {
  /** Wire names of the outputs to ask for: either `detections`, or boxes, scores and what there is of the others. */
  readonly outputs: Readonly<Partial<Record<OutputName, string>>>
  readonly format: AnswerFormat
}

type Answer = Pick<DetectionSignature, 'outputs' | 'format'>

/** What the outputs of a signature are read by. */
interface Reading {
  readonly owner: SignatureOwner
  readonly signature: Signature
  readonly card: ModelCard | undefined
  /** Where the input has a batch dimension, outputs have one too. */
  readonly input: InputSignature
}

/** The usual names of an output that has all in one: Ultralytics' and PyTorch's exporters write them. */
const JOINED_NAMES = ['detections', 'output0', 'output']

function outputMismatch({ owner, signature }: Reading, expected: string) {
  return signatureMismatch(owner, expected, listNames(Object.keys(signature.outputs)))
}

/** The one output of a signature that has all in one; `undefined` where it is not clear that it has. */
function readJoined(reading: Reading): Answer | undefined {
  const { signature, card, input } = reading
  const names = Object.keys(signature.outputs)
  const override = card?.outputs.detections
  const usual = JOINED_NAMES.find((name) => names.includes(name))
  const wire = override ?? (names.length === 1 ? names[0] : usual)
  const isGiven = isJoined(card)
  if (wire === undefined || !mayHaveOutput(signature, wire)) {
    if (!isGiven) return undefined
    throw outputMismatch(reading, `an output ${wire ?? JOINED_NAMES.join(' or ')}`)
  }
  const info = signature.outputs[wire] ?? UNDECLARED
  const format = joinedFormat(info, input, card)
  if (format !== undefined) return { outputs: { detections: wire }, format }
  if (!isGiven) return undefined
  throw outputMismatch(
    reading,
    `an output ${wire} whose shape tells its columns (write "columns" on the card)`,
  )
}

/** What is known of an output that its server does not declare. */
const UNDECLARED: TensorInfo = { dtype: 'DT_INVALID', shape: null }

/** Whether the card says that one output has all in one. */
function isJoined(card: ModelCard | undefined): boolean {
  return card?.columns !== undefined || card?.outputs.detections !== undefined
}

/** Tells whether scores come for each class rather than for the best, where no output has the classes. */
function isByClass(scores: TensorInfo, { card, input }: Reading): boolean {
  if (scores.shape === null) return scores !== UNDECLARED || card?.scores !== undefined
  return scores.shape.length === (input.batched ? 3 : 2)
}

/** The outputs of a signature that stand apart; `undefined` where not all are there that are needed. */
function readApart(reading: Reading): Answer | undefined {
  const { signature, card } = reading
  const find = (name: OutputName) => card?.outputs[name] ?? name
  const has = (name: OutputName) => find(name) in signature.outputs
  const [boxes, scores] = [find('detection_boxes'), find('detection_scores')]
  if (!mayHaveOutput(signature, boxes) || !mayHaveOutput(signature, scores)) return undefined
  const byClass =
    !has('detection_classes') && isByClass(signature.outputs[scores] ?? UNDECLARED, reading)
  const classes = find('detection_classes')
  if (!byClass && !mayHaveOutput(signature, classes)) return undefined
  // What a server does not declare is asked for where no answer can do without it, or the card names it.
  const isNamed = card?.outputs.num_detections !== undefined
  const num = find('num_detections')
  const hasNum = has('num_detections') || (isNamed && mayHaveOutput(signature, num))
  return {
    outputs: {
      detection_boxes: boxes,
      detection_scores: scores,
      ...(!byClass && { detection_classes: classes }),
      ...(hasNum && { num_detections: num }),
    },
    format: apartFormat(byClass, card),
  }
}

/** The first output that is missing of those that stand apart. */
function missingOutput({ signature, card }: Reading): string {
  const names = ['detection_boxes', 'detection_scores', 'detection_classes'] as const
  const wires = names.map((name) => card?.outputs[name] ?? name)
  return wires.find((wire) => !(wire in signature.outputs))!
}

/** Reads what the card says, else outputs apart, else one that has all in one. */
function readAnswer(reading: Reading): Answer {
  const { card } = reading
  if (isJoined(card)) {
    const answer = readJoined(reading)
    if (answer !== undefined) return answer
  }
  const isNamed = Object.keys(card?.outputs ?? {}).length > 0
  const answer = readApart(reading) ?? (isNamed ? undefined : readJoined(reading))
  if (answer !== undefined) return answer
  const joined = isNamed ? '' : ', or one of [b,N,6], [b,N,5+C] or [b,4+C,N]'
  throw outputMismatch(reading, `an output ${missingOutput(reading)}${joined}`)
}

/**
 * Merges a model's signature and its card into what detection needs to know. Throws `signature_mismatch` (502) that
 * names what was expected and what was found.
 */
export function readDetectionSignature(
  model: string,
  signatures: ReadonlyMap<string, Signature>,
  card: ModelCard | undefined,
): DetectionSignature {
  const owner = { model, task: 'object detection' }
  const signature = chooseSignature(owner, signatures, card)
  const input = readInputSignature(owner, signature, card)
  return { ...input, ...readAnswer({ owner, signature, card, input }) }
}
