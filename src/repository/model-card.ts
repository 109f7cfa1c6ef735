/** Class names by the class id that the model gives. */
export type LabelMap = ReadonlyMap<number, string>

/** How the image is fitted to the model's input. */
export type Fit = 'stretch' | 'crop' | 'pad'

/** Resampling kernels a card can choose. */
export type Kernel = 'nearest' | 'linear' | 'cubic' | 'mitchell' | 'lanczos2' | 'lanczos3'

/** What a card says of the model's input; absent fields leave the choice to the gateway. */
export interface CardInput {
  /** Height and width in pixels of the tensor to send; for pixel inputs only. */
  readonly size?: readonly [number, number] | undefined
  readonly fit?: Fit | undefined
  /** Longest side in pixels of the tensor to send; 0 sends all pixels. */
  readonly maxSide?: number | undefined
  readonly kernel?: Kernel | undefined
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
