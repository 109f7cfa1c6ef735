import { GatewayError } from '../../errors.js'
import type { ModelCard } from '../../repository/model-card.js'
import type { Signature, TensorInfo } from '../../serving/model-server.js'

/** Outputs that are read, by their names in the TensorFlow Object Detection API. */
export type OutputName =
  | 'detection_boxes'
  | 'detection_scores'
  | 'detection_classes'
  | 'num_detections'

const REQUIRED_OUTPUTS = ['detection_boxes', 'detection_scores', 'detection_classes'] as const

/** What a detection model wants and gives: its signature and its card, merged once and read everywhere. */
export interface DetectionSignature {
  /** Name of the signature to call. */
  readonly name: string
  /** Wire name of the image input. */
  readonly input: string
  readonly dtype: 'DT_UINT8' | 'DT_FLOAT' | 'DT_STRING'
  /** Whether the input has a batch dimension. */
  readonly batched: boolean
  /** Images one call may carry: 1 where the batch dimension is fixed to it or missing. */
  readonly maxBatch: number
  /** Height and width where the model fixes them. */
  readonly size: { readonly height: number; readonly width: number } | undefined
  /** Wire names of the outputs to ask for; `num_detections` may be missing. */
  readonly outputs: Readonly<Partial<Record<OutputName, string>>>
}

function mismatch(model: string, expected: string, found: string): GatewayError {
  return new GatewayError(
    'signature_mismatch',
    `The signature of model "${model}" is not one of object detection: expected ${expected}; found ${found}. ` +
      'The names can be overridden on the model card (signature, inputs, outputs)',
  )
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ')
}

function chooseSignature(
  model: string,
  signatures: ReadonlyMap<string, Signature>,
  card: ModelCard | undefined,
): Signature {
  const wanted = card?.signature ?? 'serving_default'
  const signature = signatures.get(wanted)
  if (signature !== undefined) return signature
  const predict = [...signatures.values()].filter(
    (it) => it.method === 'tensorflow/serving/predict',
  )
  if (card?.signature === undefined && predict.length === 1) return predict[0]!
  throw mismatch(model, `a signature named ${wanted}`, list([...signatures.keys()]))
}

/** The usual names of the image input, as the Object Detection API's exporters write them. */
const INPUT_NAMES = [
  'input_tensor',
  'inputs',
  'image_tensor',
  'images',
  'image',
  'encoded_image_string_tensor',
  'image_bytes',
]

function chooseInput(model: string, signature: Signature, card: ModelCard | undefined): string {
  const names = Object.keys(signature.inputs)
  const override = Object.values(card?.inputs ?? {})[0]
  const wanted = override === undefined ? INPUT_NAMES : [override]
  const input =
    wanted.find((name) => names.includes(name)) ??
    (override === undefined && names.length === 1 ? names[0] : undefined)
  if (input === undefined)
    throw mismatch(model, `an image input (${wanted.join(' or ')})`, list(names))
  return input
}

function chooseOutputs(
  model: string,
  signature: Signature,
  card: ModelCard | undefined,
): Partial<Record<OutputName, string>> {
  const outputs: Partial<Record<OutputName, string>> = {}
  for (const name of [...REQUIRED_OUTPUTS, 'num_detections'] as const) {
    const wire = card?.outputs[name] ?? name
    if (wire in signature.outputs) outputs[name] = wire
    else if (name !== 'num_detections') {
      throw mismatch(model, `an output ${wire}`, list(Object.keys(signature.outputs)))
    }
  }
  return outputs
}

const DTYPES = ['DT_UINT8', 'DT_FLOAT', 'DT_STRING'] as const

/** Ranks of an input with and without its batch dimension: `[b,h,w,3]` and `[h,w,3]`, or `[b]` and a scalar. */
const RANKS = { DT_UINT8: [4, 3], DT_FLOAT: [4, 3], DT_STRING: [1, 0] } as const

type InputShape = Pick<DetectionSignature, 'dtype' | 'batched' | 'maxBatch' | 'size'>

/** Reads an input's shape; `undefined` when it is none that an image could be sent to. */
function readInputShape({ dtype: name, shape }: TensorInfo): InputShape | undefined {
  const dtype = DTYPES.find((it) => it === name)
  if (dtype === undefined) return undefined
  const free = { dtype, batched: true, maxBatch: Number.POSITIVE_INFINITY, size: undefined }
  if (shape === null) return free
  const [batchedRank, singleRank] = RANKS[dtype]
  const batched = shape.length === batchedRank
  if (!batched && shape.length !== singleRank) return undefined
  const batch = batched ? shape[0]! : 1
  if (batch !== -1 && batch !== 1) return undefined
  const input = { ...free, batched, maxBatch: batch === 1 ? 1 : Number.POSITIVE_INFINITY }
  if (dtype === 'DT_STRING') return input
  const [height, width, channels] = shape.slice(-3) as [number, number, number]
  if (channels !== 3 && channels !== -1) return undefined
  return { ...input, size: height > 0 && width > 0 ? { height, width } : undefined }
}

function describeShape({ dtype, shape }: TensorInfo): string {
  return `${dtype} ${shape === null ? 'of unknown rank' : `[${shape.join(',')}]`}`
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
  const signature = chooseSignature(model, signatures, card)
  const input = chooseInput(model, signature, card)
  const info = signature.inputs[input]!
  const shape = readInputShape(info)
  if (shape === undefined) {
    const expected = `an input ${input} of DT_UINT8 or DT_FLOAT [b,h,w,3] or [h,w,3], or DT_STRING [b], b free or 1`
    throw mismatch(model, expected, describeShape(info))
  }
  return { name: signature.name, input, ...shape, outputs: chooseOutputs(model, signature, card) }
}
