import { GatewayError } from '../../errors.js'
import type { ExampleCall, LabelledScore } from '../model-server.js'
import { toModelSpec } from './model-spec.js'
import {
  BytesList,
  ClassificationRequest,
  type ClassificationResponse,
  Example,
  ExampleList,
  Feature,
  Features,
  Input,
  RegressionRequest,
  type RegressionResponse,
} from './stubs.js'

/** The request that Classify takes: one `tf.Example` for each image, with the picture in a feature of bytes. */
export function toClassificationRequest(call: ExampleCall) {
  const request = new ClassificationRequest()
  request.setModelSpec(toModelSpec(call.selector, call.signature))
  request.setInput(toInput(call))
  return request
}

/** The request that Regress takes; see `toClassificationRequest`. */
export function toRegressionRequest(call: ExampleCall) {
  const request = new RegressionRequest()
  request.setModelSpec(toModelSpec(call.selector, call.signature))
  request.setInput(toInput(call))
  return request
}

function toInput({ feature, images }: ExampleCall): Input {
  const list = new ExampleList()
  list.setExamplesList(images.map((image) => toExample(feature, image)))
  const input = new Input()
  input.setExampleList(list)
  return input
}

function toExample(name: string, image: Uint8Array) {
  const bytes = new BytesList()
  bytes.setValueList([image])
  const feature = new Feature()
  feature.setBytesList(bytes)
  const features = new Features()
  features.getFeatureMap().set(name, feature)
  const example = new Example()
  example.setFeatures(features)
  return example
}

/** The classes of each image. Throws `upstream_invalid_response` unless there are as many rows as images. */
export function readClassifications(
  response: ClassificationResponse,
  images: number,
): LabelledScore[][] {
  const rows = response.getResult()?.getClassificationsList() ?? []
  requireRows(rows.length, images)
  return rows.map((row) =>
    row.getClassesList().map((it) => ({ label: it.getLabel(), score: it.getScore() })),
  )
}

/** The number of each image. Throws `upstream_invalid_response` unless there are as many as images. */
export function readRegressions(response: RegressionResponse, images: number): number[] {
  const rows = response.getResult()?.getRegressionsList() ?? []
  requireRows(rows.length, images)
  return rows.map((row) => row.getValue())
}

function requireRows(found: number, images: number): void {
  if (found === images) return
  throw new GatewayError(
    'upstream_invalid_response',
    `The model server answered for ${found} of ${images} images`,
  )
}
