import type { ModelCard } from '../repository/model-card.js'
import type { InputSignature } from '../tasks/image/input-signature.js'
import type { Findings } from './doctor-findings.js'

/** A model's card, and where to tell what is found of it. */
export interface CardCheck {
  readonly name: string
  readonly card: ModelCard | undefined
  readonly findings: Findings
}

/** The most class ids that a finding lists. */
const LISTED = 8

/** Tells whether what the card says of the input suits the signature. */
export function checkCard({ name, card, findings }: CardCheck, signature: InputSignature): void {
  if (card === undefined) {
    findings.warn(
      name,
      'it has no card: labels are null, and pictures go out at up to 1024 pixels a side',
      `Write models/${name}/model.json, or let export do it`,
    )
    return
  }
  const { input } = card
  const isFloat = signature.dtype === 'DT_FLOAT' || signature.dtype === 'DT_HALF'
  if (isFloat && input.mean === undefined && input.scale === undefined) {
    findings.warn(
      name,
      `its input is ${signature.dtype}, and the card does not say how bytes become floats: 0 to 255 are sent`,
      'Write "input": {"mean": ..., "scale": ...} on the card unless the model wants just that',
    )
  }
  const cardSize = input.size
  if (signature.size !== undefined && cardSize !== undefined) {
    const { height, width } = signature.size
    if (height !== cardSize[0] || width !== cardSize[1]) {
      findings.warn(
        name,
        `the card says ${cardSize.join(' x ')}, the signature ${height} x ${width}, which is what is sent`,
        'Take "size" off the card',
      )
    }
  }
  const isSized = signature.size ?? cardSize ?? input.maxSide
  if (isSized === undefined && signature.dtype !== 'DT_STRING') {
    findings.warn(
      name,
      'the card does not say what size the model works in: pictures go out at up to WIRE_MAX_SIDE_PIXELS (1024)',
      'Write "input": {"size": [height, width], "fit": "stretch"} or {"max_side": ...}; `inspect` tells the resizer',
    )
  }
}

/** Tells whether the card names the classes that the model gave. */
export function checkLabels(
  { name, card, findings }: CardCheck,
  classIds: ReadonlySet<number>,
): void {
  if (card === undefined) return
  const { labels } = card
  if (labels === null) {
    findings.warn(
      name,
      'the card has no labels: detections have a class_id and no name',
      'Write "labels": {"1": "person", ...} or "labels": "file.pbtxt" on the card',
    )
    return
  }
  const unnamed = [...classIds].filter((id) => !labels.has(id)).sort((a, b) => a - b)
  if (unnamed.length === 0) {
    findings.ok(name, `labels: ${labels.size}; every class id seen (${classIds.size}) has one`)
    return
  }
  findings.warn(
    name,
    `the model gave class ids without a label: ${unnamed.slice(0, LISTED).join(', ')}${unnamed.length > LISTED ? ', ...' : ''}`,
    unnamed.includes(0)
      ? 'The model counts from 0: number the labels from 0'
      : 'Complete the labels on the card, or check that they are those of this model',
  )
}
