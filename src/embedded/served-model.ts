import type { status } from '@grpc/grpc-js'
import type { Tensors } from './tensor.js'

/** Where a version stands in its life, as GetModelStatus reports it. Only AVAILABLE versions answer. */
export type ModelState = 'UNKNOWN' | 'START' | 'LOADING' | 'AVAILABLE' | 'UNLOADING' | 'END'

/** What a signature says of one input or output. */
export interface ServedTensorInfo {
  /** A `DT_*` name of TensorFlow's. */
  readonly dtype: string
  /** Dimensions, -1 where unknown; `null` when even the rank is unknown. */
  readonly shape: readonly number[] | null
  /** Name in the graph; `<alias>:0` unless given. */
  readonly tensorName?: string
}

/** One entry of a model's signature map. */
export interface ServedSignature {
  readonly name: string
  /** `tensorflow/serving/predict`, `.../classify` or `.../regress`. */
  readonly method: string
  readonly inputs: Readonly<Record<string, ServedTensorInfo>>
  readonly outputs: Readonly<Record<string, ServedTensorInfo>>
}

/** A version of a model and its state at this moment. */
export interface ServedVersion {
  /** Decimal int64. */
  readonly version: string
  readonly state: ModelState
  /** Why the version ended, as GetModelStatus reports it. */
  readonly error?: { readonly code: status; readonly message: string } | undefined
  /** Where they differ from the model's own. */
  readonly signatures?: readonly ServedSignature[]
}

/** A Predict call whose model, signature and inputs are checked. */
export interface PredictContext {
  readonly version: string
  readonly signature: ServedSignature
  readonly inputs: Tensors
  /** Aborts when the deadline has passed or the caller has left. */
  readonly signal: AbortSignal
}

/** A Classify or Regress call whose model and signature are checked. */
export interface ExampleContext {
  readonly version: string
  readonly signature: ServedSignature
  /** The features of bytes of each Example, by name. */
  readonly examples: readonly ReadonlyMap<string, readonly Uint8Array[]>[]
}

/** A class and its score. */
export interface ScoredLabel {
  readonly label: string
  readonly score: number
}

/** A model that the server offers: the real network, or a script that plays one. */
export interface ServedModel {
  readonly name: string
  /** In any order; read anew for every call. */
  readonly versions: readonly ServedVersion[]
  readonly signatures: readonly ServedSignature[]
  /** Versions by label. */
  readonly labels?: Readonly<Record<string, string>>
  /**
   * Answers with named outputs, which the server filters by the request's `output_filter`. A StatusError is the call's
   * answer, any other error an INTERNAL.
   */
  predict(context: PredictContext): Tensors | Promise<Tensors>
  /** The classes of each Example; without it, the server refuses Classify. */
  classify?(context: ExampleContext): readonly (readonly ScoredLabel[])[]
  /** The number of each Example; without it, the server refuses Regress. */
  regress?(context: ExampleContext): readonly number[]
}

/** The signature map's key that a request without a signature name means. */
export const DEFAULT_SIGNATURE = 'serving_default'

/** The method name of a signature that Predict is for. */
export const PREDICT_METHOD = 'tensorflow/serving/predict'
