import { ExportError } from '../export-error.js'
import type { Resizer } from '../resizer.js'
import type { InputForm } from '../written-version.js'
import { makeFasterRcnnNetwork } from './faster-rcnn-network.js'
import { assertBody } from './network-body.js'
import type { ModelSettings } from './pipeline-settings.js'
import type { ServedNetwork } from './served-network.js'
import { makeSsdNetwork } from './ssd-network.js'
import type { TrainingGraph } from './training-graph.js'

/**
 * Makes a served network of a training graph, as the model's kind asks for. Throws `ExportError` when graph and settings
 * are not of the same training, or the graph has what cannot be taken over.
 */
export function makeServedNetwork(
  training: TrainingGraph,
  settings: ModelSettings,
  form: InputForm,
): ServedNetwork {
  assertNotQuantized(training.graph)
  const network = makeNetwork(training, settings, form)
  assertBody(training.graph.source.name, settings, network.variables)
  return network
}

function makeNetwork(
  training: TrainingGraph,
  settings: ModelSettings,
  form: InputForm,
): ServedNetwork {
  switch (settings.kind) {
    case 'ssd':
      return makeSsdNetwork(training, settings, form)
    case 'faster_rcnn':
      return makeFasterRcnnNetwork(training, settings, form)
  }
}

/** Training for quantized inference rounds weights and activations; the moving averages of batch norm are folded away. */
function assertNotQuantized({ nodes, source }: TrainingGraph['graph']): void {
  const fake = [...nodes.values()].find(({ op }) => op.startsWith('FakeQuant'))
  if (fake === undefined) return
  throw new ExportError(
    `${source.name}: was trained for quantization (node ${fake.name}, ${fake.op}; graph_rewriter in pipeline.config), ` +
      'which cannot be exported from the training graph',
  )
}

/** Tells how the network resizes images by itself. */
export function resizerOf(settings: ModelSettings): Resizer {
  if (settings.kind === 'faster_rcnn') return settings.resizer
  return { kind: 'fixed', size: [settings.size[0], settings.size[1]] }
}
