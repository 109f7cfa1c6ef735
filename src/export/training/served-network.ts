import type { NodeDef } from '../stubs.js'

/** A network that is ready to be served, its weights left out. */
export interface ServedNetwork {
  /** All nodes but the weights, from the placeholder to the outputs. */
  readonly nodes: readonly NodeDef[]
  /** Names of the variables that the nodes read. */
  readonly variables: readonly string[]
  /** The node that takes images. */
  readonly placeholder: string
  /** Shapes of the outputs by name; -1 for the batch. */
  readonly outputs: Readonly<Record<string, readonly number[]>>
}
