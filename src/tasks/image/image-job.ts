import type { Box, Size } from '../../imaging/geometry.js'
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

/** What a choice of views can ask about the model and the memory. */
export interface ViewRoom {
  /** Size in pixels of what the model is sent of a part of the image. */
  inputOf(region: Size): Size
  /** Whether there is memory to send these parts of the image. */
  fits(regions: readonly Box[]): boolean
}

/**
 * Chooses the parts of an upright image, in its pixels, that the model sees one by one; none where the whole is enough.
 */
export type ChooseViews = (image: Size, room: ViewRoom) => readonly Box[]

/** A model as one request sees it: its signature and its card. */
export interface ImagePlan extends Asked {
  readonly signature: InputSignature
  readonly card: ModelCard | undefined
  /** Unless given, the model sees the whole image at once. */
  readonly chooseViews?: ChooseViews | undefined
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
  /** The whole image, or the first of its views. */
  readonly input: ModelInput
  /** All of its views, where the model sees more than one. */
  readonly views?: readonly ModelView[]
}

/** A part of an image, in its pixels, and what the model is sent of it. */
export interface ModelView {
  readonly region: Box
  readonly input: ModelInput
}

/** The facts that every answer tells of its image. */
export type ImageFacts = Pick<ImageHeader, 'width' | 'height' | 'format' | 'orientation'>

/** Takes from a header what answers tell of it. */
export function imageFacts({ width, height, format, orientation }: ImageHeader): ImageFacts {
  return { width, height, format, orientation }
}
