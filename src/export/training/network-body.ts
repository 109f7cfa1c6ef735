import { ExportError } from '../export-error.js'
import type { ModelSettings } from './pipeline-settings.js'

/** The scopes in which the API's bodies keep their variables, and their part in the type of a feature extractor. */
const BODIES: Readonly<Record<string, string>> = {
  InceptionResnetV2: 'inception_resnet_v2',
  InceptionV2: 'inception_v2',
  InceptionV3: 'inception_v3',
  MobileDetCPU: 'mobiledet_cpu',
  MobileDetDSP: 'mobiledet_dsp',
  MobileDetEdgeTPU: 'mobiledet_edgetpu',
  MobileDetGPU: 'mobiledet_gpu',
  MobilenetEdgeTPU: 'mobilenet_edgetpu',
  MobilenetV1: 'mobilenet_v1',
  MobilenetV2: 'mobilenet_v2',
  MobilenetV3: 'mobilenet_v3',
  resnet_v1_50: 'resnet50',
  resnet_v1_101: 'resnet101',
  resnet_v1_152: 'resnet152',
}
const SCOPE = /FeatureExtractor\/(\w+)\//

/**
 * Compares the body that the weights belong to with `feature_extractor.type`: that alone tells how pixel values reach the
 * network, and nothing else would show that it is the type of another training. A scope that is not known fits any.
 * Throws `ExportError` with the type's place and a variable.
 */
export function assertBody(
  file: string,
  { extractor, places }: Pick<ModelSettings, 'extractor' | 'places'>,
  variables: readonly string[],
): void {
  for (const variable of variables) {
    const body = BODIES[SCOPE.exec(variable)?.[1] ?? '']
    if (body === undefined || extractor.includes(body)) continue
    throw new ExportError(
      `${places.extractor}: says the feature extractor ${JSON.stringify(extractor)}, the network of ${file} is a ${body} ` +
        `(it has the variable ${variable}): it is the config of another training`,
    )
  }
}
