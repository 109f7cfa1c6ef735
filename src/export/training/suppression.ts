import { booleanAttribute, typeAttribute } from '../node-builder.js'
import type { NodeList } from './node-list.js'
import type { SuppressionSettings } from './pipeline-settings.js'

const FLOAT = typeAttribute('DT_FLOAT')
const INT32 = typeAttribute('DT_INT32')
const BOOL = typeAttribute('DT_BOOL')

/** What is to be suppressed. */
export interface Candidates {
  /** float32 `[batch, anchors, 1 or classes, 4]`, ymin, xmin, ymax, xmax in any unit. */
  readonly boxes: string
  /** float32 `[batch, anchors, classes]`, without the background. */
  readonly scores: string
  readonly anchors: number
  readonly classes: number
  /** Lowest and highest corner that a box may have: scalars, or sizes `[2]` as y, x. */
  readonly window: { readonly low: string; readonly high: string }
}

/** The rows that survive, best first; all float32, padded with zeros. */
export interface Survivors {
  /** `[batch, rows, 4]`, clipped to the window. */
  readonly boxes: string
  /** `[batch, rows, 4]`, as they were before. */
  readonly unclipped: string
  readonly scores: string
  /** From 0. */
  readonly classes: string
  /** `[batch]`. */
  readonly count: string
  /** 1 for a row with a detection, 0 for padding: `[batch, rows]`. */
  readonly live: string
  readonly rows: number
}

/**
 * Makes the suppression of the Object Detection API: each class by itself, then clip to the window, drop what has no area,
 * and keep the best of all. CombinedNonMaxSuppression alone would clip after it had chosen the best, and so give boxes
 * without area in the place of others.
 */
export function addSuppression(
  list: NodeList,
  { boxes, scores, anchors, classes, window }: Candidates,
  { maxPerClass, maxTotal, iouThreshold, scoreThreshold }: SuppressionSettings,
): Survivors {
  const all = Math.min(maxPerClass, anchors) * classes
  const rows = Math.min(maxTotal, all)
  const inputs = [
    boxes,
    scores,
    list.integers(maxPerClass),
    list.integers(all),
    list.floats(iouThreshold),
    list.floats(scoreThreshold),
  ]
  const suppressed = list.plain('CombinedNonMaxSuppression', inputs, {
    pad_per_class: booleanAttribute(false),
    clip_boxes: booleanAttribute(false),
  })
  const clipped = clip(list, suppressed, window)
  const isLive = liveRows(list, clipped, `${suppressed}:1`)
  const live = list.cast(isLive, BOOL, FLOAT)
  const top = list.op('TopKV2', [list.op('Mul', [`${suppressed}:1`, live]), list.integers(rows)], {
    sorted: booleanAttribute(true),
  })
  const best = (input: string) => list.gatherRows(input, `${top}:1`)
  const bestLive = best(live)
  const bestLiveBoxes = list.expand(bestLive, 2)
  return {
    boxes: list.op('Mul', [best(clipped), bestLiveBoxes]),
    unclipped: best(suppressed),
    scores: top,
    classes: list.op('Mul', [best(`${suppressed}:2`), bestLive]),
    count: list.reduce('Sum', bestLive, [1]),
    live: bestLive,
    rows,
  }
}

function clip(list: NodeList, boxes: string, { low, high }: Candidates['window']): string {
  const clipCorner = (place: number) => {
    const corner = list.slice(boxes, [0, 0, place], [-1, -1, 2])
    return list.op('Minimum', [list.op('Maximum', [corner, low]), high])
  }
  return list.concat([clipCorner(0), clipCorner(2)], 2)
}

/** Padding has the score 0; the op lets only scores above its threshold through, so that no detection has it. */
function liveRows(list: NodeList, clipped: string, scores: string): string {
  const low = list.slice(clipped, [0, 0, 0], [-1, -1, 2])
  const high = list.slice(clipped, [0, 0, 2], [-1, -1, 2])
  const area = list.reduce('Prod', list.op('Sub', [high, low]), [2])
  const zero = list.floats(0)
  const hasArea = list.op('Greater', [area, zero])
  const hasScore = list.op('Greater', [scores, zero])
  return list.plain('LogicalAnd', [hasArea, hasScore], {})
}

/**
 * Finds the scores of all columns for each row, which the op does not tell: those of the first anchor with the row's very
 * box and, in the row's class, its very score. `columns` is `[batch, anchors, columns]`, `corners` `[batch, anchors, 4]`.
 */
export function addColumnScores(
  list: NodeList,
  { unclipped, classes, scores, live }: Survivors,
  { corners, columns, foreground }: { corners: string; columns: string; foreground: string },
): string {
  const sameBox = list.plain(
    'All',
    [list.op('Equal', [list.expand(unclipped, 2), list.expand(corners, 1)]), list.integers([3])],
    { Tidx: INT32, keep_dims: booleanAttribute(false) },
  )
  const byClass = list.plain('Transpose', [foreground, list.integers([0, 2, 1])], {
    T: FLOAT,
    Tperm: INT32,
  })
  const ofClass = list.gatherRows(byClass, list.cast(classes, FLOAT, INT32))
  const sameScore = list.op('Equal', [ofClass, list.expand(scores, 2)])
  const same = list.cast(list.plain('LogicalAnd', [sameBox, sameScore], {}), BOOL, FLOAT)
  const anchor = list.plain('ArgMax', [same, list.integers(2)], {
    T: FLOAT,
    Tidx: INT32,
    output_type: INT32,
  })
  return list.op('Mul', [list.gatherRows(columns, anchor), list.expand(live, 2)])
}
