/** Where a value lives while the network runs: an index into the runner's table. */
export type Slot = number

/** Where a step's value goes, and what is not needed any more after it. */
export interface StepOutput {
  readonly output: Slot
  /** Slots that no later step reads. */
  readonly release: readonly Slot[]
}

/** A convolution with batch normalisation, bias and activation folded in. Filters are [height, width, in, out]. */
export interface ConvolutionStep extends StepOutput {
  readonly kind: 'convolution' | 'depthwise'
  readonly inputs: readonly Slot[]
  readonly filter: { readonly shape: readonly number[]; readonly data: Float32Array }
  readonly bias: Float32Array
  readonly strides: [number, number]
  readonly padding: 'same' | 'valid'
  readonly activation: Activation
}

/** A step without weights; `columns` is the last dimension of a reshape to [1, -1, columns]. */
export interface PlainStep extends StepOutput {
  readonly kind: 'add' | 'relu6' | 'concat' | 'reshape'
  readonly inputs: readonly Slot[]
  readonly columns?: number
}

/** One operation of the runner. */
export type Step = ConvolutionStep | PlainStep
/** What a convolution does to its sums. */
export type Activation = 'linear' | 'relu6'

/** The network from the scaled image to its raw answers, as steps in the order in which they can run. */
export interface NetworkPlan {
  readonly steps: readonly Step[]
  readonly slots: number
  readonly input: Slot
  readonly outputs: readonly Slot[]
}

/** Names of the tfjs graph: where the scaled image enters, and the operations that join the predictors' answers. */
export interface PlanEnds {
  readonly input: string
  readonly outputs: readonly string[]
  /** Last dimension of the reshape with this name. */
  columns(reshape: string): number
}
