import type { FasterRcnnSettings } from './faster-rcnn-settings.js'

/** How the scores are made of the class predictions (`post_processing.score_converter`). */
export type ScoreConverter = 'IDENTITY' | 'SIGMOID' | 'SOFTMAX'

/** `batch_non_max_suppression` of a `pipeline.config`. */
export interface SuppressionSettings {
  /** Lowest score that survives; 0 to 1. */
  readonly scoreThreshold: number
  /** Overlap (intersection over union) beyond which the lower score is dropped; 0 to 1. */
  readonly iouThreshold: number
  readonly maxPerClass: number
  readonly maxTotal: number
}

/** `ssd_anchor_generator`. Numbers are float32, as the Object Detection API reads them. */
export interface SsdAnchorSettings {
  readonly kind: 'ssd'
  readonly layers: number
  readonly minScale: number
  readonly maxScale: number
  /** One a layer; empty for equal steps from `minScale` to `maxScale`. */
  readonly scales: readonly number[]
  readonly aspectRatios: readonly number[]
  /** Ratio of the further box between two scales; 0 for none. */
  readonly interpolatedRatio: number
  readonly reduceLowest: boolean
  /** Relative to the shorter side of the image. */
  readonly baseSize: readonly [height: number, width: number]
  /** In pixels, one a layer; empty for image size through grid size. */
  readonly strides: readonly (readonly [height: number, width: number])[]
  /** In pixels, one a layer; empty for half a stride. */
  readonly offsets: readonly (readonly [height: number, width: number])[]
}

/** `multiscale_anchor_generator`, with normalized coordinates. */
export interface MultiscaleAnchorSettings {
  readonly kind: 'multiscale'
  readonly minLevel: number
  readonly maxLevel: number
  readonly anchorScale: number
  readonly aspectRatios: readonly number[]
  readonly scalesPerOctave: number
}

/** Where the settings stand that a graph may contradict, each `FILE:LINE:COLUMN`. */
export interface SettingPlaces {
  readonly classes: string
  readonly resizer: string
  readonly extractor: string
  readonly anchors: string
}

/** `model.ssd` of a `pipeline.config`, as far as inference depends on it; defaults are filled in. */
export interface SsdSettings {
  readonly kind: 'ssd'
  readonly places: SettingPlaces
  /** Without the background. */
  readonly classes: number
  /** `fixed_shape_resizer`, bilinear, in pixels. */
  readonly size: readonly [height: number, width: number]
  /** `feature_extractor.type`. */
  readonly extractor: string
  /** `feature_extractor.pad_to_multiple`; divides both sides of `size`. */
  readonly padToMultiple: number
  readonly anchors: SsdAnchorSettings | MultiscaleAnchorSettings
  /** `faster_rcnn_box_coder`. */
  readonly coderScales: readonly [y: number, x: number, height: number, width: number]
  readonly logitScale: number
  readonly converter: ScoreConverter
  readonly suppression: SuppressionSettings
}

/** The models that can be exported. */
export type ModelSettings = SsdSettings | FasterRcnnSettings

/** What a `pipeline.config` says that an export depends on. */
export interface TrainingPipeline {
  /** Path of the file, for messages. */
  readonly file: string
  readonly model: ModelSettings
  /** `eval_config.use_moving_averages`: whether the official exporter takes the averages of the weights. */
  readonly useMovingAverages: boolean
}
