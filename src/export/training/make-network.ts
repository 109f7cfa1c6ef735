import type { Resizer } from '../resizer.js'
import type { InputForm } from '../written-version.js'
import type { SsdSettings } from './pipeline-settings.js'
import type { ServedNetwork } from './served-network.js'
import { makeSsdNetwork } from './ssd-network.js'
import type { TrainingGraph } from './training-graph.js'

/**
 * Makes a served network of a training graph, as the model's kind asks for. Throws `ExportError` when graph and settings
 * are not of the same training, or the graph has what cannot be taken over.
 */
export function makeServedNetwork(
  training: TrainingGraph,
  settings: SsdSettings,
  form: InputForm,
): ServedNetwork {
  return makeSsdNetwork(training, settings, form)
}

/** Tells how the network resizes images by itself. */
export function resizerOf({ size }: SsdSettings): Resizer {
  return { kind: 'fixed', size: [size[0], size[1]] }
}
