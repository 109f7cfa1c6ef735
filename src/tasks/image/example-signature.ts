import type { ModelCard } from '../../repository/model-card.js'
import type { Signature } from '../../serving/model-server.js'
import {
  type InputSignature,
  listNames,
  type SignatureOwner,
  signatureMismatch,
} from './input-signature.js'

/** Feature of a `tf.Example` that holds the picture, as TensorFlow's own tools name it. */
const USUAL_FEATURE = 'image/encoded'

/** How a model is asked: for outputs of these wire names by Predict, or by its task's method that takes `tf.Example`s. */
export type Asking<Outputs> =
  | { readonly method: 'predict'; readonly outputs: Outputs }
  | { readonly method: 'examples'; readonly feature: string }

/** Methods of signatures that take `tf.Example`s. */
export type ExampleMethod = 'tensorflow/serving/classify' | 'tensorflow/serving/regress'

/** Names of the outputs that a method takes. */
const OUTPUTS: Readonly<Record<ExampleMethod, readonly string[]>> = {
  'tensorflow/serving/classify': ['classes', 'scores'],
  'tensorflow/serving/regress': ['outputs'],
}

/**
 * Tells whether a signature takes `tf.Example`s. Their input looks as one of encoded pictures does: the method tells, or a
 * card that names the feature (TensorFlow 2 writes every signature as one for prediction).
 */
export function takesExamples(
  { method, inputs, outputs }: Signature,
  examples: ExampleMethod,
  card: ModelCard | undefined,
): boolean {
  if (method === examples) return true
  if (card?.exampleFeature === undefined || method !== 'tensorflow/serving/predict') return false
  const names = Object.keys(outputs)
  return (
    'inputs' in inputs && names.length > 0 && names.every((it) => OUTPUTS[examples].includes(it))
  )
}

/** The feature that holds the picture: the card's, else `image/encoded`. */
export function exampleFeature(card: ModelCard | undefined): string {
  return card?.exampleFeature ?? USUAL_FEATURE
}

/** Reads the only input of a signature that takes `tf.Example`s. Throws `signature_mismatch` for another one. */
export function readExampleInput(owner: SignatureOwner, signature: Signature): InputSignature {
  const [input, ...others] = Object.entries(signature.inputs)
  if (input === undefined || others.length > 0 || input[1].dtype !== 'DT_STRING') {
    const found = listNames(
      Object.entries(signature.inputs).map(([name, it]) => `${name} ${it.dtype}`),
    )
    throw signatureMismatch(owner, 'one input of DT_STRING that takes tf.Examples', found)
  }
  const [name, { shape }] = input
  const maxBatch = shape?.[0] === 1 ? 1 : Number.POSITIVE_INFINITY
  const encoded = { dtype: 'DT_STRING', layout: 'nhwc', batched: true, size: undefined } as const
  return { name: signature.name, input: name, ...encoded, maxBatch }
}

/** Signature that loads a model and answers nothing. */
const INIT_OP = '__saved_model_init_op'

/**
 * Reads the first signature that can be read: the card's and no other where it names one, else `serving_default` and
 * then the others in their order. Throws what the first was refused for.
 */
export function readFirst<T>(
  owner: SignatureOwner,
  signatures: ReadonlyMap<string, Signature>,
  card: ModelCard | undefined,
  read: (signature: Signature) => T,
): T {
  const names = [...signatures.keys()].filter((name) => name !== INIT_OP)
  const wanted = card?.signature === undefined ? names.sort(defaultFirst) : [card.signature]
  let refusal: unknown
  for (const name of wanted) {
    const signature = signatures.get(name)
    if (signature === undefined) continue
    try {
      return read(signature)
    } catch (error) {
      refusal ??= error
    }
  }
  throw refusal ?? signatureMismatch(owner, `a signature named ${wanted[0]}`, listNames(names))
}

function defaultFirst(one: string, other: string): number {
  return Number(other === 'serving_default') - Number(one === 'serving_default')
}
