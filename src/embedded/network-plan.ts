import { inputOf, nodeName, paddingOf, stridesOf } from './graph-node.js'
import type {
  Activation,
  ConvolutionStep,
  NetworkPlan,
  PlainStep,
  PlanEnds,
  Slot,
  Step,
  StepOutput,
} from './network-step.js'
import type { GraphNode, WeightedGraph, WeightTensor } from './weights.js'

/** A value that is not computed yet: affine maps and activations still fold into it. */
interface PendingConvolution {
  readonly node: GraphNode
  readonly filter: WeightTensor
  readonly scale: Float32Array
  readonly bias: Float32Array
}

type Value =
  | { readonly kind: 'slot'; readonly slot: Slot }
  | { readonly kind: 'convolution'; readonly convolution: PendingConvolution }
  | { readonly kind: 'sum'; readonly terms: readonly Value[] }

type Draft = Omit<ConvolutionStep, keyof StepOutput> | Omit<PlainStep, keyof StepOutput>

/**
 * Turns the part of the graph between `ends` into steps. Multiplications and additions of constants and batch
 * normalisation become part of the convolution before them, which leaves 118 steps of 641 nodes. Throws on an operation
 * that this network does not have.
 */
export function planNetwork(graph: WeightedGraph, ends: PlanEnds): NetworkPlan {
  return new Planner(graph, ends).plan()
}

class Planner {
  readonly #nodes: ReadonlyMap<string, GraphNode>
  readonly #tensors: ReadonlyMap<string, WeightTensor>
  readonly #ends: PlanEnds
  readonly #values = new Map<string, Value>()
  readonly #computed = new Map<Value, Partial<Record<Activation, Slot>>>()
  readonly #drafts: Draft[] = []

  constructor(graph: WeightedGraph, ends: PlanEnds) {
    this.#nodes = new Map(graph.nodes.map((node) => [node.name, node]))
    this.#tensors = graph.tensors
    this.#ends = ends
    this.#values.set(ends.input, { kind: 'slot', slot: 0 })
  }

  plan(): NetworkPlan {
    const outputs = this.#ends.outputs.map((name) => this.#compute(this.#value(name)))
    const kept = new Set(outputs)
    const lastReader = new Map<Slot, number>()
    this.#drafts.forEach((draft, index) => {
      for (const slot of draft.inputs) lastReader.set(slot, index)
    })
    const steps = this.#drafts.map((draft, index) => {
      const release = [...new Set(draft.inputs)].filter(
        (slot) => lastReader.get(slot) === index && !kept.has(slot),
      )
      return { ...draft, output: index + 1, release } as Step
    })
    return { steps, slots: steps.length + 1, input: 0, outputs }
  }

  #value(reference: string): Value {
    const name = nodeName(reference)
    const known = this.#values.get(name)
    if (known !== undefined) return known
    const node = this.#nodes.get(name)
    if (node === undefined) throw new Error(`The graph has no node ${name}`)
    const value = this.#valueOf(node)
    this.#values.set(name, value)
    return value
  }

  #valueOf(node: GraphNode): Value {
    switch (node.op) {
      case 'Conv2D':
      case 'DepthwiseConv2dNative':
        return this.#convolution(node)
      case 'Mul':
        return this.#multiplied(node)
      case 'FusedBatchNorm':
        return this.#normalised(node)
      case 'BiasAdd':
      case 'Add':
      case 'AddN':
        return this.#sum(node)
      case 'Relu6':
        return { kind: 'slot', slot: this.#compute(this.#value(inputOf(node, 0)), 'relu6') }
      case 'Reshape': {
        const inputs = [this.#compute(this.#value(inputOf(node, 0)))]
        return this.#step({ kind: 'reshape', inputs, columns: this.#ends.columns(node.name) })
      }
      case 'ConcatV2': {
        const parts = (node.input ?? []).slice(0, -1)
        return this.#step({
          kind: 'concat',
          inputs: parts.map((part) => this.#compute(this.#value(part))),
        })
      }
      default:
        throw new Error(`The network runner does not know the operation ${node.op} (${node.name})`)
    }
  }

  #convolution(node: GraphNode): Value {
    const filter = this.#constant(inputOf(node, 1))
    const [, , inner = 1, outer = 1] = filter.shape
    const channels = node.op === 'Conv2D' ? outer : inner * outer
    const scale = new Float32Array(channels).fill(1)
    const bias = new Float32Array(channels)
    return { kind: 'convolution', convolution: { node, filter, scale, bias } }
  }

  #multiplied(node: GraphNode): Value {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)]
    const [value, factor] = this.#isConstant(a) ? [b, a] : [a, b]
    return affine(this.#value(value), this.#constant(factor).data, [0])
  }

  #normalised(node: GraphNode): Value {
    const [gamma, beta, mean, variance] = [1, 2, 3, 4].map(
      (index) => this.#constant(inputOf(node, index)).data as Float32Array,
    ) as [Float32Array, Float32Array, Float32Array, Float32Array]
    const epsilon = Number(node.attr?.epsilon?.f)
    const scale = gamma.map((value, channel) => value / Math.sqrt(variance[channel]! + epsilon))
    const shift = beta.map((value, channel) => value - mean[channel]! * scale[channel]!)
    return affine(this.#value(inputOf(node, 0)), scale, shift)
  }

  #sum(node: GraphNode): Value {
    const inputs = node.input ?? []
    const terms = inputs
      .filter((input) => !this.#isConstant(input))
      .map((input) => this.#value(input))
      .flatMap((value) => (value.kind === 'sum' ? value.terms : [value]))
    for (const constant of inputs.filter((input) => this.#isConstant(input))) {
      const index = terms.findIndex((term) => term.kind === 'convolution')
      terms[index] = affine(terms[index], [1], this.#constant(constant).data)
    }
    return terms.length === 1 ? terms[0]! : { kind: 'sum', terms }
  }

  /** Emits the steps that compute a value; the same value with the same activation is computed once. */
  #compute(value: Value, activation: Activation = 'linear'): Slot {
    const computed = this.#computed.get(value) ?? {}
    this.#computed.set(value, computed)
    computed[activation] ??= this.#emit(value, activation)
    return computed[activation]
  }

  #emit(value: Value, activation: Activation): Slot {
    if (value.kind === 'convolution') {
      return this.#step(this.#convolutionStep(value.convolution, activation)).slot
    }
    const slot = value.kind === 'slot' ? value.slot : this.#emitSum(value.terms)
    return activation === 'linear' ? slot : this.#step({ kind: 'relu6', inputs: [slot] }).slot
  }

  #emitSum(terms: readonly Value[]): Slot {
    return terms
      .map((term) => this.#compute(term))
      .reduce((sum, slot) => this.#step({ kind: 'add', inputs: [sum, slot] }).slot)
  }

  #convolutionStep(convolution: PendingConvolution, activation: Activation): Draft {
    const { node, filter, scale, bias } = convolution
    return {
      kind: node.op === 'Conv2D' ? 'convolution' : 'depthwise',
      inputs: [this.#compute(this.#value(inputOf(node, 0)))],
      filter: { shape: filter.shape, data: scaled(filter.data, scale) },
      bias,
      strides: stridesOf(node),
      padding: paddingOf(node),
      activation,
    }
  }

  #step(draft: Draft): { kind: 'slot'; slot: Slot } {
    this.#drafts.push(draft)
    return { kind: 'slot', slot: this.#drafts.length }
  }

  #isConstant(reference: string): boolean {
    return this.#nodes.get(nodeName(reference))?.op === 'Const'
  }

  #constant(reference: string): WeightTensor {
    const tensor = this.#tensors.get(nodeName(reference))
    if (tensor === undefined) throw new Error(`The weights hold no constant ${reference}`)
    return tensor
  }
}

/** `value * factor + term` a channel, where one number stands for all channels. */
function affine(
  value: Value | undefined,
  factor: ArrayLike<number>,
  term: ArrayLike<number>,
): Value {
  if (value?.kind !== 'convolution') {
    throw new Error('The network runner folds constants into convolutions only')
  }
  const at = (numbers: ArrayLike<number>, channel: number) =>
    numbers.length === 1 ? numbers[0]! : numbers[channel]!
  const { convolution } = value
  const scale = convolution.scale.map((old, channel) => old * at(factor, channel))
  const bias = convolution.bias.map((old, channel) => old * at(factor, channel) + at(term, channel))
  return { kind: 'convolution', convolution: { ...convolution, scale, bias } }
}

/** Multiplies each channel, the last dimension, by its factor. */
function scaled(weights: ArrayLike<number>, scale: Float32Array): Float32Array {
  // Float32Array.from with a callback takes half a second for these 4.5 million numbers.
  const product = new Float32Array(weights.length)
  for (let i = 0; i < weights.length; i++) product[i] = weights[i]! * scale[i % scale.length]!
  return product
}
