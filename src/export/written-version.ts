import { sizesOf } from './const-tensor.js'
import { dataTypeName } from './data-types.js'
import type { ProgressListener } from './progress.js'
import type { Resizer } from './resizer.js'
import type { SignatureDef, TensorInfoProto } from './stubs.js'

/** What the images come as: `pixels` is a uint8 tensor, `encoded` the bytes of JPEG or PNG files. */
export type InputForm = 'pixels' | 'encoded'

/** How a version is written. */
export interface VersionOptions {
  /** What the model takes; what the source takes unless given. */
  readonly input?: InputForm | undefined
  /** Whether weights that are constants are put into `variables/`. */
  readonly variables?: boolean | undefined
  /** The `pipeline.config` of a training checkpoint; the one beside it unless given. */
  readonly pipeline?: string | undefined
  /** Whether a training checkpoint's moving averages are taken; what its `eval_config` says unless given. */
  readonly movingAverages?: boolean | undefined
  readonly onProgress?: ProgressListener | undefined
}

/** An input or output of a signature. */
export interface TensorSummary {
  /** The name on the wire. */
  readonly name: string
  /** The tensor of the graph, such as `image_tensor:0`. */
  readonly tensor: string
  /** `DT_*`. */
  readonly dtype: string
  /** -1 for sizes that are free, `null` when the rank is not known. */
  readonly shape: readonly number[] | null
}

/** A signature in plain words. */
export interface SignatureSummary {
  readonly name: string
  readonly method: string
  readonly inputs: readonly TensorSummary[]
  readonly outputs: readonly TensorSummary[]
}

/** What a written version is, as far as a model card needs to know. */
export interface WrittenVersion {
  /** The signature to call. */
  readonly signature: SignatureSummary
  /** The input of that signature that takes images. */
  readonly input: TensorSummary
  /** How the graph resizes images by itself, where it can be told. */
  readonly resizer: Resizer | undefined
  /** Number of classes without the background, where it can be told. */
  readonly classes: number | undefined
  /** Number of variables in `variables/`. */
  readonly variables: number
  /** Length of everything written. */
  readonly bytes: number
  /** What the person at the command line should know of it. */
  readonly notes?: readonly string[] | undefined
}

/** Describes a signature, inputs and outputs in the order of their names. */
export function summarizeSignature(name: string, signature: SignatureDef): SignatureSummary {
  return {
    name,
    method: signature.getMethodName(),
    inputs: tensors(signature.getInputsMap().entries() as Entries),
    outputs: tensors(signature.getOutputsMap().entries() as Entries),
  }
}

type Entries = Iterator<[string, TensorInfoProto]> & Iterable<[string, TensorInfoProto]>

function tensors(entries: Entries): TensorSummary[] {
  return [...entries]
    .map(([name, info]) => {
      const shape = info.getTensorShape()
      const isUnknown = shape === undefined || shape.getUnknownRank()
      return {
        name,
        tensor: info.getName(),
        dtype: dataTypeName(info.getDtype()),
        shape: isUnknown ? null : sizesOf(shape),
      }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Chooses the input that takes images: the only one, or else one of bytes or of four dimensions. */
export function imageInputOf({ inputs }: SignatureSummary): TensorSummary | undefined {
  return (
    (inputs.length === 1 ? inputs[0] : undefined) ??
    inputs.find(({ dtype }) => dtype === 'DT_STRING') ??
    inputs.find(({ shape }) => shape?.length === 4) ??
    inputs[0]
  )
}
