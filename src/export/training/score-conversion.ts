import type { NodeList } from './node-list.js'
import type { ScoreConverter } from './pipeline-settings.js'

const CONVERTERS: Readonly<Record<ScoreConverter, string>> = {
  IDENTITY: 'Identity',
  SIGMOID: 'Sigmoid',
  SOFTMAX: 'Softmax',
}

/** Makes scores of class predictions, as the settings say; the last dimension is that of the classes. */
export function addConvertedScores(
  list: NodeList,
  predictions: string,
  { logitScale, converter }: { readonly logitScale: number; readonly converter: ScoreConverter },
): string {
  const scaled =
    logitScale === 1 ? predictions : list.op('Mul', [predictions, list.floats(1 / logitScale)])
  return list.op(CONVERTERS[converter], [scaled])
}
