import type { AnchorSummary, TrainingSummary } from '../export/training/training-inspection.js'
import { formatBytes } from './terminal.js'

const FAMILIES: Readonly<Record<NonNullable<TrainingSummary['family']>, string>> = {
  ssd: 'SSD',
  faster_rcnn: 'Faster R-CNN, one image a call',
}

const GENERATORS: Readonly<Record<AnchorSummary['generator'], string>> = {
  ssd: 'ssd_anchor_generator',
  multiscale: 'multiscale_anchor_generator',
  grid: 'grid_anchor_generator',
}

/** Words what is told of a training checkpoint, as rows of a table. */
export function trainingRows(training: TrainingSummary): [string, string][] {
  const { anchors, body, family, movingAverages, pipeline, steps, weights } = training
  const rows: [string, string][] = [['config', pipeline ?? 'none']]
  if (family !== null) rows.push(['model', FAMILIES[family]], ['body', body ?? 'not told'])
  if (anchors !== null) rows.push(['anchors', anchorText(anchors)])
  rows.push(['steps', steps === null ? 'not told by the checkpoint' : String(steps)])
  rows.push(['averages', averagesText(movingAverages)])
  if (weights !== null) {
    rows.push(['taken', `${weights.count} variables, ${formatBytes(weights.bytes)}`])
  }
  return rows
}

function anchorText({ generator, levels, count, kinds }: AnchorSummary): string {
  const parts = [levels === 1 ? '1 feature map' : `${levels} feature maps`]
  if (kinds !== null) parts.push(`${kinds} at a place`)
  parts.push(count === null ? 'their number depends on the image' : `${count} in all`)
  return `${GENERATORS[generator]}: ${parts.join(', ')}`
}

function averagesText({ stored, used }: TrainingSummary['movingAverages']): string {
  const where = stored ? 'in the checkpoint' : 'none in the checkpoint'
  if (used === null || (!stored && !used)) return where
  return `${where}; eval_config ${used ? 'takes them' : 'takes the weights instead'}`
}
