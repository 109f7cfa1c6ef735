/** Class names by the class id that the model gives. */
export type LabelMap = ReadonlyMap<number, string>

/** How the image is fitted to the model's input. */
export type Fit = 'stretch' | 'crop' | 'pad'

/** Where the border goes that `pad` leaves: around the picture, or below it and to its right. */
export type PadAlign = 'center' | 'top-left'

/** Resampling kernels a card can choose. */
export type Kernel = 'nearest' | 'linear' | 'cubic' | 'mitchell' | 'lanczos2' | 'lanczos3'

/** Order of the dimensions of a pixel input: TensorFlow's, or PyTorch's and ONNX's. */
export type Layout = 'nhwc' | 'nchw'

/** The protocols that a model's server may speak: TensorFlow Serving's, or the Open Inference Protocol. */
export const SERVER_PROTOCOLS = ['tf-serving', 'oip'] as const
export type ServerProtocol = (typeof SERVER_PROTOCOLS)[number]

/** Where a model is served, for models that are not where the others are. */
export interface CardServer {
  readonly protocol: ServerProtocol
  /** gRPC target (see `parseTarget`); the one in the settings for this protocol unless given. */
  readonly target?: string | undefined
}

/** What a card says of the model's input; absent fields leave the choice to the gateway. */
export interface CardInput {
  /** Element type of the input, for servers that do not tell it or take others beside the one they tell. */
  readonly dtype?: 'DT_UINT8' | 'DT_FLOAT' | 'DT_HALF' | 'DT_STRING' | undefined
  /** Dimensions of the input with its batch, -1 where free, for servers that do not tell them. */
  readonly shape?: readonly number[] | undefined
  /** Height and width in pixels of the tensor to send; for pixel inputs only. */
  readonly size?: readonly [number, number] | undefined
  readonly fit?: Fit | undefined
  /** Byte of the border that `pad` leaves, one number or one a channel; 0 unless given. */
  readonly fill?: number | readonly number[] | undefined
  /** Where `pad` puts the picture: in the middle unless given, or at the top left with the border after it. */
  readonly align?: PadAlign | undefined
  /** Longest side in pixels of the tensor to send; 0 sends all pixels. */
  readonly maxSide?: number | undefined
  readonly kernel?: Kernel | undefined
  /** Order of the dimensions where the signature does not tell it. */
  readonly layout?: Layout | undefined
  /** Order of the channels in the tensor, which is that of `fill`, `mean` and `scale` too; `rgb` unless given. */
  readonly channels?: 'rgb' | 'bgr' | undefined
  /** For DT_FLOAT inputs: value = (byte - mean) * scale, one number or one a channel. */
  readonly mean?: number | readonly number[] | undefined
  readonly scale?: number | readonly number[] | undefined
}

/** Order of a box's four numbers; `c` is the centre. */
export type BoxFormat = 'yxyx' | 'xyxy' | 'cxcywh' | 'xywh'

/** What a card says of the boxes that a model gives; absent fields follow from the convention. */
export interface CardBoxes {
  readonly format?: BoxFormat | undefined
  /** Of the tensor that was sent: fractions of its sides, or its pixels. */
  readonly unit?: 'fraction' | 'pixel' | undefined
  /**
   * Pixels from one cell of each grid to the next, where boxes come as YOLOX gives them: a centre from the cell's corner and
   * the logarithm of a size, both in cells.
   */
  readonly strides?: readonly number[] | undefined
}

/**
 * What stands side by side in a row of an output that has all in one: four numbers of a `box`, the `score` and `class` of
 * the best class or the `scores` of all, `objectness` to multiply them by, the number of the `image` in the batch.
 */
export type Column = 'box' | 'score' | 'class' | 'scores' | 'objectness' | 'image'

/** What a card says of scores that a model gives for each class. */
export interface CardScores {
  /** What makes scores of 0 to 1 of what the model gives; `none` unless given. */
  readonly activation?: 'none' | 'sigmoid' | 'softmax' | undefined
  /** Which class stands for "no object", where there is one. */
  readonly background?: 'first' | 'last' | undefined
  /** Number of classes, background included, where other columns follow theirs. */
  readonly classes?: number | undefined
}

/** What a model does with an image. */
export const CARD_TASKS = ['object-detection', 'image-classification', 'image-regression'] as const
export type CardTask = (typeof CARD_TASKS)[number]

/** What the operator says of a model: `models/<name>/model.json`, read and checked. */
export interface ModelCard {
  /** The signature tells it unless given. */
  readonly task?: CardTask | undefined
  /** `null` when the card names no labels. */
  readonly labels: LabelMap | null
  readonly defaults: {
    readonly minScore?: number | undefined
    readonly maxDetections?: number | undefined
    /** 0 to 1; 1 drops nothing. */
    readonly iouThreshold?: number | undefined
    /** Most classes that a classification answers, 1 to 1000. */
    readonly topK?: number | undefined
  }
  /** Where it is served; where the settings say unless given. */
  readonly server?: CardServer | undefined
  readonly input: CardInput
  /** Signature to call; `serving_default` unless given. */
  readonly signature?: string | undefined
  /** Wire names that differ from the conventional ones, by conventional name. */
  readonly inputs: Readonly<Record<string, string>>
  readonly outputs: Readonly<Record<string, string>>
  readonly boxes?: CardBoxes | undefined
  /** The columns of one output that has all in one. */
  readonly columns?: readonly Column[] | undefined
  readonly scores?: CardScores | undefined
  /** What makes scores of 0 to 1 of what a classifier gives; `none` unless given. */
  readonly activation?: 'none' | 'sigmoid' | 'softmax' | undefined
  /** Class of a classifier that is the class 0 of the labels; the classes before it are background. 0 unless given. */
  readonly labelOffset?: number | undefined
  /** Feature of a `tf.Example` that holds the picture; naming it makes a signature one of Examples. */
  readonly exampleFeature?: string | undefined
}
