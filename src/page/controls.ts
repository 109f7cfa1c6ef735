import type { Task } from './answer.js'
import { byId } from './dom.js'
import { type Filter, percent } from './filter.js'

/** Lowest scores of the slider in per cent: the least that it goes to, and where it is until it is moved. */
const SCORES: Readonly<Record<Task, { readonly min: number; readonly first: number }>> = {
  'object-detection': { min: 5, first: 50 },
  // The best of a thousand classes may be sure of little.
  'image-classification': { min: 0, first: 0 },
  'image-regression': { min: 0, first: 0 },
}

/** What the answers of the chosen model are filtered by; each task keeps where its slider was. */
export class Controls {
  readonly hidden = new Set<number>()
  readonly #score = byId('score', 'input')
  readonly #scoreValue = byId('score-value', 'output')
  readonly #top = byId('top', 'select')
  readonly #scores = new Map<Task, string>()
  #task: Task = 'object-detection'

  /** `onFilter` hears that something was moved. */
  constructor(onFilter: () => void) {
    this.#score.addEventListener('input', () => {
      this.#showScore()
      onFilter()
    })
    this.#top.addEventListener('change', onFilter)
    this.#showScore()
  }

  get filter(): Filter {
    const { value } = this.#score
    return { minScore: Number(value) / 100, hidden: this.hidden, topK: Number(this.#top.value) }
  }

  /** Offers what makes sense for the answers of a task. */
  setTask(task: Task): void {
    if (task === this.#task) return
    this.#scores.set(this.#task, this.#score.value)
    this.#task = task
    const { min, first } = SCORES[task]
    this.#score.min = String(min)
    this.#score.value = this.#scores.get(task) ?? String(first)
    this.#showScore()
    byId('score-field', 'div').hidden = task === 'image-regression'
    byId('top-field', 'label').hidden = task !== 'image-classification'
    byId('chips', 'fieldset').hidden = task !== 'object-detection'
  }

  #showScore(): void {
    const text = percent(Number(this.#score.value) / 100)
    this.#scoreValue.textContent = text
    this.#score.setAttribute('aria-valuetext', text)
  }
}
