import { ExportError } from '../export-error.js'
import type { FasterRcnnBorders } from './faster-rcnn-borders.js'
import type { FasterRcnnSettings } from './faster-rcnn-settings.js'

/** What two sources say of the same thing. */
interface Comparison {
  /** Of the setting: `FILE:LINE:COLUMN`. */
  readonly place: string
  readonly config: string
  readonly graph: string
  readonly wanted: string | number
  readonly found: string | number | undefined
}

/**
 * Throws `ExportError` with both numbers where the graph of a Faster R-CNN and the settings are not of the same training.
 * Sizes that the graph leaves free fit any.
 */
export function assertSameTraining(
  file: string,
  borders: FasterRcnnBorders,
  settings: FasterRcnnSettings,
): void {
  const comparisons = [
    ...compareImages(borders, settings),
    ...compareFirstStage(borders, settings),
    ...compareCrops(borders, settings),
    ...compareSecondStage(borders, settings),
  ]
  for (const { place, config, wanted, graph, found } of comparisons) {
    if (wanted === found) continue
    throw new ExportError(
      `${place}: ${config} ${wanted}, ${file} ${graph} ${found ?? 'an unknown number'}: it is the config of another ` +
        'training',
    )
  }
}

function compareImages(
  { images: { shape } }: FasterRcnnBorders,
  { resizer, places }: FasterRcnnSettings,
): Comparison[] {
  const [, height = -1, width = -1] = shape
  if (height < 0 || width < 0) return []
  if (resizer.kind !== 'fixed') {
    // Shapes that were inferred from the one size are constants of the graph: paddings of dilated convolutions.
    return [
      {
        place: places.resizer,
        config: 'resizes images (height x width) to',
        wanted: 'sizes of many kinds, keeping their proportions',
        graph: 'was trained with',
        found: `${height} x ${width} alone`,
      },
    ]
  }
  return [
    {
      place: places.resizer,
      config: 'resizes images (height x width) to',
      wanted: resizer.size.join(' x '),
      graph: 'was trained with',
      found: `${height} x ${width}`,
    },
  ]
}

function compareFirstStage(
  { firstBoxes, firstClasses }: FasterRcnnBorders,
  { anchors: { scales, aspectRatios }, places }: FasterRcnnSettings,
): Comparison[] {
  const wanted = scales.length * aspectRatios.length
  const place = places.anchors
  const config = 'makes so many anchors at a place:'
  return [
    { place, config, wanted, graph: 'predicts boxes for', found: perRow(firstBoxes, 4) },
    { place, config, wanted, graph: 'predicts classes for', found: perRow(firstClasses, 2) },
  ]
}

function compareCrops(
  { crops, cropSize }: FasterRcnnBorders,
  { crop: { size, poolSize, poolStride }, places }: FasterRcnnSettings,
): Comparison[] {
  const [, side = -1] = crops.shape
  const pooled = Math.floor((size - poolSize) / poolStride) + 1
  const comparisons: Comparison[] = []
  if (cropSize !== undefined) {
    comparisons.push({
      place: places.crops,
      config: 'says initial_crop_size',
      wanted: size,
      graph: 'has',
      found: cropSize,
    })
  }
  if (side >= 0) {
    comparisons.push({
      place: places.crops,
      config: 'pools crops to a side (initial_crop_size, maxpool_kernel_size, maxpool_stride) of',
      wanted: pooled,
      graph: 'has',
      found: side,
    })
  }
  return comparisons
}

function compareSecondStage(
  { secondBoxes, secondClasses }: FasterRcnnBorders,
  { classes, sharesBoxes, places }: FasterRcnnSettings,
): Comparison[] {
  const columns = secondClasses.shape.at(-1)
  return [
    {
      place: places.classes,
      config: 'says num_classes',
      wanted: classes,
      graph: 'predicts, without the background,',
      found: columns === undefined ? undefined : columns - 1,
    },
    {
      place: places.predictor,
      config: 'gives a proposal so many boxes (num_classes, share_box_across_classes):',
      wanted: sharesBoxes ? 1 : classes,
      graph: 'predicts',
      found: perRow(secondBoxes, 4),
    },
  ]
}

function perRow(
  { shape }: { readonly shape: readonly number[] },
  columns: number,
): number | undefined {
  const last = shape.at(-1)
  return last === undefined ? undefined : last / columns
}
