import type { ImageHeader } from '../../imaging/header.js'
import type { ModelCard } from '../../repository/model-card.js'
import type { ModelSelector } from '../../serving/model-server.js'
import type { Deadline } from '../deadline.js'
import type { InputSignature } from './input-signature.js'
import type { ModelInput } from './model-input.js'
import type { Stopwatch } from './stopwatch.js'

/** What every request about images says, whatever its task. */
export interface ImageRequest {
  readonly selector: ModelSelector
  /** Who asks, for fairness. */
  readonly client: string
  /** W3C trace context, sent on to the model server. */
  readonly traceparent?: string | undefined
}

/** A request and its clock. */
export interface Asked {
  readonly options: ImageRequest
  readonly deadline: Deadline
}

/** A model as one request sees it: its signature and its card. */
export interface ImagePlan extends Asked {
  readonly signature: InputSignature
  readonly card: ModelCard | undefined
}

/** An image on its way through the stages. */
export interface Job {
  readonly upload: Buffer
  readonly header: ImageHeader
  readonly stopwatch: Stopwatch
  /** Whether the whole picture is kept where the tensor can be made of it. */
  readonly keepPicture?: boolean
}

/** An image decoded for the model. */
export interface PreparedJob extends Job {
  readonly input: ModelInput
}

/** The facts that every answer tells of its image. */
export type ImageFacts = Pick<ImageHeader, 'width' | 'height' | 'format' | 'orientation'>

/** Takes from a header what answers tell of it. */
export function imageFacts({ width, height, format, orientation }: ImageHeader): ImageFacts {
  return { width, height, format, orientation }
}
