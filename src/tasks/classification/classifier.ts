import type { Deadline } from '../deadline.js'
import { askExamples } from '../image/ask-examples.js'
import {
  type ImageFacts,
  type ImagePlan,
  type ImageRequest,
  imageFacts,
  type PreparedJob,
} from '../image/image-job.js'
import type { ImagePipeline } from '../image/image-pipeline.js'
import type { ImageTask } from '../image/image-task.js'
import { signatureMismatch } from '../image/input-signature.js'
import type { Timings } from '../image/stopwatch.js'
import { readAs } from '../model-task.js'
import { round } from '../round.js'
import {
  type ClassFilter,
  type ClassFilterOptions,
  createClassFilter,
  type ScoredClass,
} from './class-filter.js'
import { checkClassNames, classNames } from './class-names.js'
import {
  type ClassRow,
  identify,
  isComputable,
  rowFromExample,
  rowFromOutputs,
} from './class-rows.js'
import type { ClassificationSignature } from './classification-signature.js'
import { activate, suspicion } from './scores.js'

/** What is asked of a classifier for one image or one batch. */
export interface ClassifyOptions extends ClassFilterOptions, ImageRequest {}

/** A classifier as one request sees it. */
export interface ClassificationPlan extends ImagePlan {
  readonly signature: ClassificationSignature
  readonly filter: ClassFilter
}

/** What one image is. */
export interface ClassificationResult {
  readonly model: { readonly name: string; readonly version: string; readonly signature: string }
  readonly image: ImageFacts
  readonly classifications: readonly ScoredClass[]
  readonly timingsMs: Timings
}

/** Told once of what is odd about a model's answers. */
export type Warn = (model: string, what: string) => void

/** Names of models come from requests, so what has been told is forgotten from here on. */
const MAX_TOLD = 1000

/** Says what images show. */
export class Classifier
  implements ImageTask<ClassifyOptions, ClassificationPlan, ClassificationResult>
{
  readonly pipeline: ImagePipeline
  readonly #warn: Warn
  readonly #told = new Set<string>()

  constructor(pipeline: ImagePipeline, warn: Warn) {
    this.pipeline = pipeline
    this.#warn = warn
  }

  /** Throws `task_mismatch` (400) for a model of another task, and what the filters throw (400). */
  withPlan<T>(
    options: ClassifyOptions,
    deadline: Deadline,
    work: (plan: ClassificationPlan) => Promise<T>,
  ): Promise<T> {
    const { model } = options.selector
    return this.pipeline.withSignatures({ options, deadline }, async (signatures, card) => {
      const signature = readAs('image-classification', model, signatures, card)
      const { labels } = classNames(card)
      const { asking } = signature
      const ownNames = asking.method === 'examples' || asking.outputs.classes !== undefined
      const filter = createClassFilter(options, card, { labels, ownNames })
      return work({ options, deadline, signature, card, filter })
    })
  }

  async predict(
    jobs: readonly PreparedJob[],
    plan: ClassificationPlan,
  ): Promise<ClassificationResult[]> {
    const { version, rows } = await this.#ask(jobs, plan)
    return jobs.map(({ header, stopwatch, ...job }, index) => {
      const classifications = plan.filter(this.#scored(rows[index]!, plan))
      this.pipeline.finish({ header, stopwatch, ...job }, plan)
      return {
        model: { name: plan.options.selector.model, version, signature: plan.signature.name },
        image: imageFacts(header),
        classifications: classifications.map((it) => ({ ...it, score: round(it.score, 6) })),
        timingsMs: stopwatch.timings(),
      }
    })
  }

  async #ask(
    jobs: readonly PreparedJob[],
    plan: ClassificationPlan,
  ): Promise<{ readonly version: string; readonly rows: readonly ClassRow[] }> {
    const { asking } = plan.signature
    if (asking.method === 'examples') {
      const answer = await askExamples('classify', this.pipeline.calls, jobs, plan, asking.feature)
      return { version: answer.version, rows: answer.rows.map(rowFromExample) }
    }
    const { outputs } = asking
    const wanted = [outputs.scores, ...(outputs.classes === undefined ? [] : [outputs.classes])]
    const answer = await this.pipeline.calls.predict(jobs, plan, wanted)
    const rows = jobs.map((_, index) =>
      rowFromOutputs(answer.outputs, outputs, { index, count: jobs.length }),
    )
    return { version: answer.version, rows }
  }

  /** Scores of 0 to 1 for the classes of one image, without the background. */
  #scored(row: ClassRow, { options, card }: ClassificationPlan): ScoredClass[] {
    const owner = { model: options.selector.model, task: 'image classification' }
    if (!isComputable(row, card?.activation)) {
      throw signatureMismatch(owner, 'scores of all classes for "activation": "softmax"', 'some')
    }
    const scores = activate(row.raw, card?.activation)
    const { labels, first } = classNames(card)
    if (row.classes !== undefined) {
      return row.classes
        .map((called, at) => ({ ...identify(called, labels), score: scores[at]! }))
        .filter(({ classId }) => classId === null || classId >= first)
    }
    this.#tell(owner.model, checkClassNames(owner, card, scores.length))
    this.#tell(owner.model, suspicion(row.raw, card))
    return scores
      .map((score, classId) => ({ label: labels?.get(classId) ?? null, classId, score }))
      .slice(first)
  }

  #tell(model: string, what: string | undefined): void {
    const key = `${model} ${what}`
    if (what === undefined || this.#told.has(key)) return
    if (this.#told.size >= MAX_TOLD) this.#told.clear()
    this.#told.add(key)
    this.#warn(model, what)
  }
}
