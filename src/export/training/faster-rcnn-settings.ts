import type { Resizer } from '../resizer.js'
import type { ScoreConverter, SettingPlaces, SuppressionSettings } from './pipeline-settings.js'

/** `grid_anchor_generator`. Numbers are float32, as the Object Detection API reads them. */
export interface GridAnchorSettings {
  /** Of an anchor of scale 1, in pixels. */
  readonly baseSize: readonly [height: number, width: number]
  /** In pixels. */
  readonly stride: readonly [height: number, width: number]
  /** Of the first centre, in pixels. */
  readonly offset: readonly [height: number, width: number]
  readonly scales: readonly number[]
  readonly aspectRatios: readonly number[]
}

/** How the second stage sees a proposal: features are cropped to a square and pooled; all in cells. */
export interface CropSettings {
  readonly size: number
  readonly poolSize: number
  readonly poolStride: number
}

/** `model.faster_rcnn` of a `pipeline.config`, as far as inference depends on it; defaults are filled in. */
export interface FasterRcnnSettings {
  readonly kind: 'faster_rcnn'
  readonly places: SettingPlaces & { readonly crops: string; readonly predictor: string }
  /** Without the background. */
  readonly classes: number
  /** Bilinear. */
  readonly resizer: Resizer
  /** `feature_extractor.type`. */
  readonly extractor: string
  readonly anchors: GridAnchorSettings
  /** Suppression in the first stage; its `maxTotal` is the most proposals. */
  readonly proposals: SuppressionSettings
  readonly crop: CropSettings
  /** Whether a proposal has one box for all classes (`share_box_across_classes`) instead of one for each. */
  readonly sharesBoxes: boolean
  readonly logitScale: number
  readonly converter: ScoreConverter
  readonly suppression: SuppressionSettings
}
