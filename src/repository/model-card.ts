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

/** What a card says of the model's input; absent fields leave the choice to the gateway. */
export interface CardInput {
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

/** What the operator says of a model: `models/<name>/model.json`, read and checked. */
export interface ModelCard {
  readonly task: 'object-detection'
  /** `null` when the card names no labels. */
  readonly labels: LabelMap | null
  readonly defaults: {
    readonly minScore?: number | undefined
    readonly maxDetections?: number | undefined
  }
  readonly input: CardInput
  /** Signature to call; `serving_default` unless given. */
  readonly signature?: string | undefined
  /** Wire names that differ from the conventional ones, by conventional name. */
  readonly inputs: Readonly<Record<string, string>>
  readonly outputs: Readonly<Record<string, string>>
}
