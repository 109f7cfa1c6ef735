import { GatewayError } from '../errors.js'
import { ExportError } from '../export/export-error.js'
import { MAX_WARM_UP_RECORDS, type WarmUpRequest } from '../export/warm-up.js'
import type { WarmUpTensor } from '../export/warm-up-tensor.js'
import type { SignatureSummary, TensorSummary } from '../export/written-version.js'
import type { ModelCard } from '../repository/model-card.js'
import type { Signature, TensorInfo } from '../serving/model-server.js'
import {
  type DetectionSignature,
  readDetectionSignature,
} from '../tasks/detection/detection-signature.js'
import { choosePhotos, type Photo, preparePhoto } from './model-photos.js'

/** A model for which warm-up requests are made. */
export interface WarmUpModel {
  readonly name: string
  readonly signatures: readonly SignatureSummary[]
  readonly card: ModelCard | undefined
}

/** Turns the signatures of a version into those that the gateway's tasks read. */
export function toSignatures(
  summaries: readonly SignatureSummary[],
): ReadonlyMap<string, Signature> {
  return new Map(
    summaries.map(({ name, method, inputs, outputs }) => [
      name,
      { name, method, inputs: toInfos(inputs), outputs: toInfos(outputs) },
    ]),
  )
}

function toInfos(tensors: readonly TensorSummary[]): Record<string, TensorInfo> {
  return Object.fromEntries(tensors.map(({ name, dtype, shape }) => [name, { dtype, shape }]))
}

/**
 * Makes warm-up requests out of photos, or out of synthetic images where none are given: decoded and sized just as the
 * gateway sends them. Throws `ExportError` for a photo that cannot be used, and where the signature is none of detection.
 */
export async function makeWarmUpRequests(
  model: WarmUpModel,
  photos: readonly string[],
): Promise<WarmUpRequest[]> {
  if (photos.length > MAX_WARM_UP_RECORDS) {
    throw new ExportError(`TF-Serving takes ${MAX_WARM_UP_RECORDS} warm-up requests at most`)
  }
  const signature = detectionSignature(model)
  const requests: WarmUpRequest[] = []
  for await (const photo of choosePhotos(photos, signature, model.card)) {
    requests.push(await toRequest(model, signature, photo))
  }
  return requests
}

function detectionSignature({ name, signatures, card }: WarmUpModel): DetectionSignature {
  try {
    return readDetectionSignature(name, toSignatures(signatures), card)
  } catch (cause) {
    if (!(cause instanceof GatewayError)) throw cause
    throw new ExportError(`No warm-up can be made: ${cause.message}`, { cause })
  }
}

async function toRequest(
  { name, card }: WarmUpModel,
  signature: DetectionSignature,
  photo: Photo,
): Promise<WarmUpRequest> {
  const { tensor } = await preparePhoto(photo, signature, card)
  return {
    model: name,
    signature: signature.name,
    // Shapes, bytes and types of a detector's input are among those that a warm-up can have.
    inputs: { [signature.input]: tensor as WarmUpTensor },
    outputs: Object.values(signature.outputs),
  }
}
