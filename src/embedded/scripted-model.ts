import {
  DEFAULT_SIGNATURE,
  PREDICT_METHOD,
  type PredictContext,
  type ServedModel,
  type ServedTensorInfo,
  type ServedVersion,
} from './served-model.js'
import type { Tensors } from './tensor.js'

export interface Script {
  readonly name: string
  /** The only version, AVAILABLE; 1 unless given. `versions` goes before it. */
  readonly version?: string
  readonly versions?: readonly ServedVersion[]
  readonly labels?: Readonly<Record<string, string>>
  /** Name of the signature; `serving_default` unless given. */
  readonly signature?: string
  /** Method of the signature; `tensorflow/serving/predict` unless given. */
  readonly method?: string
  readonly inputs: Readonly<Record<string, ServedTensorInfo>>
  readonly outputs: Readonly<Record<string, ServedTensorInfo>>
  /** What the model answers, always or as a function of the call. */
  readonly predict: Tensors | ((context: PredictContext) => Tensors | Promise<Tensors>)
}

/** A model that answers by script. `versions` may be replaced while the server runs, to play a roll-out. */
export interface ScriptedModel extends ServedModel {
  versions: readonly ServedVersion[]
}

/** Makes a model with one signature whose answers are given, in place of a network. */
export function scriptedModel(script: Script): ScriptedModel {
  const { name, inputs, outputs, predict, labels = {}, version = '1' } = script
  const { signature = DEFAULT_SIGNATURE, method = PREDICT_METHOD } = script
  return {
    name,
    labels,
    versions: script.versions ?? [{ version, state: 'AVAILABLE' }],
    signatures: [{ name: signature, method, inputs, outputs }],
    predict: (context) => (typeof predict === 'function' ? predict(context) : predict),
  }
}
