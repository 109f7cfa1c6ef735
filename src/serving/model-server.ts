/** TensorFlow's names of the element types a tensor can have here (`tensorflow.DataType`). */
export type DataType =
  | 'DT_FLOAT'
  | 'DT_DOUBLE'
  | 'DT_HALF'
  | 'DT_BFLOAT16'
  | 'DT_INT8'
  | 'DT_UINT8'
  | 'DT_INT16'
  | 'DT_UINT16'
  | 'DT_INT32'
  | 'DT_UINT32'
  | 'DT_INT64'
  | 'DT_UINT64'
  | 'DT_BOOL'
  | 'DT_STRING'

/**
 * The numbers of a tensor. Half and bfloat16 arrive widened to Float32Array and may be sent as their bits in a Uint16Array;
 * booleans are 0 and 1.
 */
export type NumericData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array

/** A tensor without protobuf: element type, dimensions, and its elements in row-major order. */
export type Tensor =
  | {
      readonly dtype: Exclude<DataType, 'DT_STRING'>
      readonly shape: readonly number[]
      readonly data: NumericData
    }
  | {
      readonly dtype: 'DT_STRING'
      readonly shape: readonly number[]
      readonly data: readonly Uint8Array[]
    }

export type Tensors = Readonly<Record<string, Tensor>>

/** What a signature says of one input or output. */
export interface TensorInfo {
  /** `DataType`, or the `DT_*` name of a type that the gateway cannot send. */
  readonly dtype: string
  /** Dimensions, -1 where unknown; `null` when even the rank is unknown. */
  readonly shape: readonly number[] | null
}

/** One entry of a model's signature map, under the wire names. */
export interface Signature {
  readonly name: string
  /** `tensorflow/serving/predict`, `.../classify`, `.../regress`. */
  readonly method: string
  readonly inputs: Readonly<Record<string, TensorInfo>>
  readonly outputs: Readonly<Record<string, TensorInfo>>
}

/** Which model is meant: `version` (decimal int64, of other servers than TensorFlow Serving any text) excludes `versionLabel`; neither means the latest. */
export interface ModelSelector {
  readonly model: string
  readonly version?: string | undefined
  readonly versionLabel?: string | undefined
}

export interface CallOptions {
  /** When the call must have ended, in epoch milliseconds. */
  readonly deadline: number
  /** Ends the call early: its client has left. */
  readonly signal?: AbortSignal | undefined
  /** W3C trace context, sent on as metadata. */
  readonly traceparent?: string | undefined
}

export type ModelState = 'UNKNOWN' | 'START' | 'LOADING' | 'AVAILABLE' | 'UNLOADING' | 'END'

export interface ModelVersionStatus {
  /** Empty where the server has no versions. */
  readonly version: string
  readonly state: ModelState
  /** Why the version is in this state; empty when all is well. */
  readonly message: string
}

export interface PredictCall {
  readonly selector: ModelSelector
  readonly signature: string
  readonly inputs: Tensors
  /** The outputs wanted, never empty: a detector's other outputs can be gigabytes. */
  readonly outputs: readonly string[]
}

export interface Prediction {
  /** The version that answered, as the server reports it; empty where it reports none. */
  readonly version: string
  readonly outputs: Tensors
}

/** A question in `tf.Example`s, one for each image. */
export interface ExampleCall {
  readonly selector: ModelSelector
  readonly signature: string
  /** Name of the feature that holds the picture: no signature tells it. */
  readonly feature: string
  /** Encoded pictures, never empty. */
  readonly images: readonly Uint8Array[]
}

/** One class of an image, as a model names it; the name is empty where the model gives scores only, in class order. */
export interface LabelledScore {
  readonly label: string
  readonly score: number
}

/** What a version of the model says of each image: the classes in the model's order. */
export interface ClassifiedExamples {
  readonly version: string
  readonly rows: readonly (readonly LabelledScore[])[]
}

/** One number for each image. */
export interface RegressedExamples {
  readonly version: string
  readonly values: readonly number[]
}

/** The signatures of one model version, by name. */
export interface ModelMetadata {
  readonly version: string
  readonly signatures: ReadonlyMap<string, Signature>
}

/** What a task needs of a model server, whatever protocol it speaks. Failures are GatewayErrors. */
export interface ModelServer {
  predict(call: PredictCall, options: CallOptions): Promise<Prediction>
  /** Calls a signature of the method classify; absent where the protocol has none. */
  classify?(call: ExampleCall, options: CallOptions): Promise<ClassifiedExamples>
  /** Calls a signature of the method regress; absent where the protocol has none. */
  regress?(call: ExampleCall, options: CallOptions): Promise<RegressedExamples>
  /** Reads the model's signatures from the server, uncached. */
  metadata(selector: ModelSelector, options: CallOptions): Promise<ModelMetadata>
  /** Every version the server knows of, newest first; throws `model_not_found` when it knows none. */
  status(model: string, options: CallOptions): Promise<readonly ModelVersionStatus[]>
  /**
   * Names the place that answers for a model, where there may be several: what is remembered of a model is true of one
   * place only.
   */
  origin?(model: string): string
  close(): void
}
