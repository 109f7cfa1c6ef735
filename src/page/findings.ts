import type { Detection, DetectResponse } from '../client/wire.js'
import { classColours } from './colour.js'
import { byId, make, moveByArrows } from './dom.js'
import { countLabels, type Filter, filterDetections, nameOf, percent } from './filter.js'

/** What is told of changes on the panel. */
export interface FindingsEvents {
  /** The slider or a chip was moved. */
  onFilter(): void
  /** A detection of the list is pointed at or has the focus; `null` when none is. */
  onPoint(detection: Detection | null): void
}

/** The panel beside the picture: lowest score, labels, the list of what was found, timings. */
export class Findings {
  readonly #score = byId('score', 'input')
  readonly #scoreValue = byId('score-value', 'output')
  readonly #chips = byId('chips', 'fieldset')
  readonly #list = byId('list', 'ol')
  readonly #hidden = new Set<number>()
  readonly #events: FindingsEvents
  #shown: readonly Detection[] = []

  constructor(events: FindingsEvents) {
    this.#events = events
    this.#score.addEventListener('input', () => events.onFilter())
    this.#list.addEventListener('keydown', (event) => moveByArrows(this.#list, event))
    this.#list.addEventListener('pointerleave', () => events.onPoint(null))
    this.#list.addEventListener('focusout', () => events.onPoint(null))
  }

  get filter(): Filter {
    return { minScore: Number(this.#score.value) / 100, hidden: this.#hidden }
  }

  /** Shows what an answer holds after the filter, and gives it. `empty` is said where there is no answer. */
  show(answer: DetectResponse | undefined, empty: string): readonly Detection[] {
    const { minScore } = this.filter
    this.#scoreValue.textContent = percent(minScore)
    this.#score.setAttribute('aria-valuetext', percent(minScore))
    const all = answer?.detections ?? []
    this.#shown = filterDetections(all, this.filter)
    this.#showChips(all, minScore)
    this.#showList()
    showFacts(answer)
    const count = this.#shown.length
    byId('count', 'h2').textContent =
      answer === undefined
        ? empty
        : `${count === 0 ? 'No' : count} ${count === 1 ? 'object' : 'objects'}`
    const hint = byId('list-empty', 'p')
    hint.hidden = count > 0
    hint.textContent = emptyHint(answer, all)
    return this.#shown
  }

  /** Marks one detection of the list. */
  highlight(detection: Detection | null): void {
    const index = detection === null ? -1 : this.#shown.indexOf(detection)
    for (const [at, button] of [...this.#list.querySelectorAll('button')].entries()) {
      button.classList.toggle('active', at === index)
      if (at === index) button.scrollIntoView({ block: 'nearest' })
    }
  }

  #showChips(all: readonly Detection[], minScore: number): void {
    const focused = (document.activeElement as HTMLElement | null)?.dataset.classId
    const chips = countLabels(all, minScore).map(({ classId, name, count }) => {
      const chip = make('button', { type: 'button', className: 'chip' }, dot(classId), name)
      chip.append(make('i', {}, String(count)))
      chip.dataset.classId = String(classId)
      chip.setAttribute('aria-pressed', String(!this.#hidden.has(classId)))
      chip.addEventListener('click', () => {
        if (!this.#hidden.delete(classId)) this.#hidden.add(classId)
        this.#events.onFilter()
      })
      return chip
    })
    this.#chips.replaceChildren(this.#chips.querySelector('legend')!, ...chips)
    if (focused) chips.find((chip) => chip.dataset.classId === focused)?.focus()
  }

  #showList(): void {
    const focused = [...this.#list.querySelectorAll('button')].indexOf(
      document.activeElement as HTMLButtonElement,
    )
    const items = this.#shown.map((detection) => {
      const button = make(
        'button',
        { type: 'button' },
        dot(detection.class_id),
        make('span', { className: 'name' }, nameOf(detection)),
        make('span', { className: 'percent' }, percent(detection.score)),
      )
      const point = () => this.#events.onPoint(detection)
      button.addEventListener('pointerenter', point)
      button.addEventListener('focus', point)
      button.addEventListener('click', point)
      return button
    })
    this.#list.replaceChildren(...items.map((item) => make('li', {}, item)))
    // Frames of the camera replace the list under the keyboard.
    if (focused >= 0) items[Math.min(focused, items.length - 1)]?.focus({ preventScroll: true })
  }
}

function dot(classId: number): HTMLElement {
  const element = make('span', { className: 'dot' })
  element.style.background = classColours(classId).box
  return element
}

function emptyHint(answer: DetectResponse | undefined, all: readonly Detection[]): string {
  if (answer === undefined) return 'What is found in a photo is listed here.'
  if (all.length === 0) return 'The model found none of its labels here.'
  return `A lower score or more labels would show up to ${all.length}.`
}

const STAGES = ['queue', 'decode', 'predict', 'postprocess', 'total'] as const

function showFacts(answer: DetectResponse | undefined): void {
  const facts = byId('facts', 'dl')
  if (answer === undefined) {
    facts.replaceChildren()
    return
  }
  const { model, image, timings_ms: timings } = answer
  const rows = [
    ['model', `${model.name}, version ${model.version}`],
    ['picture', `${image.width} × ${image.height}, ${image.format}`],
    ...STAGES.map((stage) => [stage, `${timings[stage].toFixed(1)} ms`] as const),
  ] as const
  facts.replaceChildren(
    ...rows.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]),
  )
}
