import type { Goal, Section, Table } from '../report/section.js'
import { digits } from '../statistics.js'
import type { LabelledPhoto } from './labelled-photos.js'
import type { Scored } from './score-paths.js'

/** What was scored and where. */
export interface Circumstances {
  readonly photos: readonly LabelledPhoto[]
  readonly runner: string
  readonly commit: string
}

/** Paths that the gateway chooses by itself: the demo's card, the least of keep-aspect models, and the default. */
const CHOSEN = ['300x300, lanczos3', '640', '1024']

/** Standard errors that count as noise. */
const NOISE = 2

function toTable(variant: string, scored: readonly Scored[]): Table {
  return {
    title: `Photos ${variant}`,
    columns: [
      'sent',
      'AP',
      'AP50',
      'small',
      'medium',
      'large',
      'AP against all pixels',
      'decode ms',
    ],
    rows: scored.map((it) => [
      it.path,
      ...[it.ap, it.ap50, it.small, it.medium, it.large].map((value) => value.toFixed(3)),
      it === scored[0]
        ? ''
        : `${it.difference >= 0 ? '+' : ''}${it.difference.toFixed(3)} ± ${it.error.toFixed(3)}`,
      digits(it.decodeMs),
    ]),
  }
}

function toGoal({ variant, path, difference, error }: Scored): Goal {
  return {
    text: `AP at ${path}, photos ${variant}: no lower than with all pixels but for noise`,
    measured: `${difference.toFixed(3)} ± ${error.toFixed(3)}`,
    met: difference >= -NOISE * error,
  }
}

/** Describes the scores of every path as a section of the document. */
export function toSection(
  scored: readonly Scored[],
  { photos, runner, commit }: Circumstances,
): Section {
  const objects = photos.reduce((sum, photo) => sum + photo.objects.length, 0)
  const variants = [...new Set(scored.map(({ variant }) => variant))]
  return {
    title: 'Average precision by decode path',
    text:
      `The exported demo model, run by ${runner} behind the gateway, on ${photos.length} photos with ${objects} labelled ` +
      `objects (commit ${commit}). AP is COCO's, by pycocotools; so few photos compare rows, they are no absolute score. ` +
      'The error is the standard error of the difference over photos drawn with replacement. "all decoded" is without the ' +
      'JPEG decoder\'s own shrinking, "linear light" also undoes gamma around the resize. Decode times are the gateway\'s.',
    tables: variants.map((variant) =>
      toTable(
        variant,
        scored.filter((it) => it.variant === variant),
      ),
    ),
    goals: scored.filter(({ path }) => CHOSEN.includes(path)).map(toGoal),
    plots: [],
    data: scored,
  }
}
