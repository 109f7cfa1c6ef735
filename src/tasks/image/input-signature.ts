import { GatewayError } from '../../errors.js'
import type { Layout, ModelCard } from '../../repository/model-card.js'
import type { Signature, TensorInfo } from '../../serving/model-server.js'
import { completeSignature } from './complete-signature.js'

/** What a model wants of an image: its signature's input and its card, merged once and read everywhere. */
export interface InputSignature {
  /** Name of the signature to call. */
  readonly name: string
  /** Wire name of the image input. */
  readonly input: string
  readonly dtype: 'DT_UINT8' | 'DT_FLOAT' | 'DT_HALF' | 'DT_STRING'
  /** Whether the input has a batch dimension. */
  readonly batched: boolean
  /** Images one call may carry: 1 where the batch dimension is fixed to it or missing. */
  readonly maxBatch: number
  /** Order of the dimensions of a pixel input; `nhwc` for encoded images, which have none. */
  readonly layout: Layout
  /** Height and width where the model fixes them. */
  readonly size: { readonly height: number; readonly width: number } | undefined
}

/** Whose signature is read, and what for. */
export interface SignatureOwner {
  readonly model: string
  /** The task in words, such as `object detection`. */
  readonly task: string
}

/** A `signature_mismatch` (502) that names what was expected and what was found. */
export function signatureMismatch(
  { model, task }: SignatureOwner,
  expected: string,
  found: string,
): GatewayError {
  return new GatewayError(
    'signature_mismatch',
    `The signature of model "${model}" is not one of ${task}: expected ${expected}; found ${found}. ` +
      'The names can be overridden on the model card (signature, inputs, outputs)',
  )
}

/** Names as a sentence lists them. */
export function listNames(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ')
}

/**
 * The signature to call: the card's, else `serving_default`, else the only one for prediction, completed by what the
 * card says of its input. Throws `signature_mismatch`.
 */
export function chooseSignature(
  owner: SignatureOwner,
  signatures: ReadonlyMap<string, Signature>,
  card: ModelCard | undefined,
): Signature {
  const wanted = card?.signature ?? 'serving_default'
  const signature = signatures.get(wanted)
  if (signature !== undefined) return completeSignature(signature, card)
  const predict = [...signatures.values()].filter(
    (it) => it.method === 'tensorflow/serving/predict',
  )
  if (card?.signature === undefined && predict.length === 1) {
    return completeSignature(predict[0]!, card)
  }
  throw signatureMismatch(owner, `a signature named ${wanted}`, listNames([...signatures.keys()]))
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

function chooseInput(
  owner: SignatureOwner,
  signature: Signature,
  card: ModelCard | undefined,
): string {
  const names = Object.keys(signature.inputs)
  const override = Object.values(card?.inputs ?? {})[0]
  const wanted = override === undefined ? INPUT_NAMES : [override]
  const input =
    wanted.find((name) => names.includes(name)) ??
    (override === undefined && names.length === 1 ? names[0] : undefined)
  if (input === undefined && names.length === 0) {
    const found = 'none, as the server declares none: the card can say them (inputs, input.dtype)'
    throw signatureMismatch(owner, 'an image input', found)
  }
  if (input === undefined) {
    throw signatureMismatch(owner, `an image input (${wanted.join(' or ')})`, listNames(names))
  }
  return input
}

const DTYPES = ['DT_UINT8', 'DT_FLOAT', 'DT_HALF', 'DT_STRING'] as const

/** Ranks of an input with and without its batch dimension: of pixels four and three, or `[b]` and a scalar. */
const RANKS = {
  DT_UINT8: [4, 3],
  DT_FLOAT: [4, 3],
  DT_HALF: [4, 3],
  DT_STRING: [1, 0],
} as const

type InputShape = Omit<InputSignature, 'name' | 'input'>

/**
 * The order of a pixel input's dimensions: the card's, else height, width, channels, unless the only 3 stands where PyTorch
 * and ONNX have the channels, before height and width.
 */
function layoutOf(inner: readonly number[], card: ModelCard | undefined): Layout {
  return card?.input.layout ?? (inner[0] === 3 && inner[2] !== 3 ? 'nchw' : 'nhwc')
}

/** Reads an input's shape; `undefined` when it is none that an image could be sent to. */
function readInputShape(
  { dtype: name, shape }: TensorInfo,
  card: ModelCard | undefined,
): InputShape | undefined {
  const dtype = DTYPES.find((it) => it === name)
  if (dtype === undefined) return undefined
  const inner = shape?.slice(-3) ?? []
  const layout = dtype === 'DT_STRING' ? 'nhwc' : layoutOf(inner, card)
  const free = { dtype, layout, batched: true, maxBatch: Number.POSITIVE_INFINITY, size: undefined }
  if (shape === null) return free
  const [batchedRank, singleRank] = RANKS[dtype]
  const batched = shape.length === batchedRank
  if (!batched && shape.length !== singleRank) return undefined
  const batch = batched ? shape[0]! : 1
  if (batch !== -1 && batch !== 1) return undefined
  const input = { ...free, batched, maxBatch: batch === 1 ? 1 : Number.POSITIVE_INFINITY }
  return dtype === 'DT_STRING' ? input : withSize(input, inner)
}

/** Adds the size that the dimensions of one image fix; `undefined` where they are not those of three channels. */
function withSize(input: InputShape, inner: readonly number[]): InputShape | undefined {
  const [first, second, third] = inner as [number, number, number]
  const [channels, height, width] =
    input.layout === 'nchw' ? [first, second, third] : [third, first, second]
  if (channels !== 3 && channels !== -1) return undefined
  return { ...input, size: height > 0 && width > 0 ? { height, width } : undefined }
}

function describeShape({ dtype, shape }: TensorInfo): string {
  return `${dtype} ${shape === null ? 'of unknown rank' : `[${shape.join(',')}]`}`
}

/** Reads what a signature wants of an image. Throws `signature_mismatch` where no image can be sent to it. */
export function readInputSignature(
  owner: SignatureOwner,
  signature: Signature,
  card: ModelCard | undefined,
): InputSignature {
  const input = chooseInput(owner, signature, card)
  const info = signature.inputs[input]!
  const shape = readInputShape(info, card)
  if (shape === undefined) {
    const layout = card?.input.layout
    const pixels = {
      nhwc: '[b,h,w,3] or [h,w,3]',
      nchw: '[b,3,h,w] or [3,h,w]',
      any: '[b,h,w,3], [h,w,3], [b,3,h,w] or [3,h,w]',
    }[layout ?? 'any']
    const expected = `an input ${input} of DT_UINT8, DT_FLOAT or DT_HALF ${pixels}, or DT_STRING [b], b free or 1`
    throw signatureMismatch(owner, expected, describeShape(info))
  }
  return { name: signature.name, input, ...shape }
}
