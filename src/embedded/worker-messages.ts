/** Number of images, height and width in pixels of a batch of RGB images. */
export type BatchShape = readonly [images: number, height: number, width: number]

/** A batch for the worker; the pixels' buffer is transferred with it. */
export interface InferenceRequest {
  readonly id: number
  /** `[images, height, width, 3]`, 8 bits a channel. */
  readonly pixels: Uint8Array<ArrayBuffer>
  readonly shape: BatchShape
}

/** The detections of a batch: 100 rows an image, as `Detections` describes them, one image after the other. */
export interface DetectionBatch {
  /** `[images, 100, 4]`. */
  readonly boxes: Float32Array<ArrayBuffer>
  /** `[images, 100]`. */
  readonly scores: Float32Array<ArrayBuffer>
  /** `[images, 100]`. */
  readonly classes: Float32Array<ArrayBuffer>
  /** `[images]`: rows that are detections. */
  readonly counts: Float32Array<ArrayBuffer>
}

/** What the worker says: once that it is warmed up, then one answer a request. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'detections'; readonly id: number; readonly batch: DetectionBatch }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
