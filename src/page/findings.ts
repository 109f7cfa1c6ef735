import type { Detection, DetectResponse } from '../client/wire.js'
import { type Answer, classPercent, type Task } from './answer.js'
import { makeBar, makeValue } from './bars.js'
import { classColours } from './colour.js'
import { Controls } from './controls.js'
import { byId, make, moveByArrows } from './dom.js'
import { showFacts } from './facts.js'
import {
  countLabels,
  type Filter,
  filterClasses,
  filterDetections,
  nameOf,
  percent,
} from './filter.js'

/** What is told of changes on the panel. */
export interface FindingsEvents {
  /** The slider, a chip or the number of classes is another now. */
  onFilter(): void
  /** A detection of the list is pointed at or has the focus; `null` when none is. */
  onPoint(detection: Detection | null): void
}

/** What the panel says where there is no answer. */
export interface Empty {
  readonly title: string
  readonly hint: string
}

/** The panel beside the picture: lowest score, labels, the list of what was found, timings. */
export class Findings {
  readonly #controls: Controls
  readonly #chips = byId('chips', 'fieldset')
  readonly #list = byId('list', 'ol')
  readonly #events: FindingsEvents
  #shown: readonly Detection[] = []

  constructor(events: FindingsEvents) {
    this.#events = events
    this.#controls = new Controls(() => events.onFilter())
    this.#list.addEventListener('keydown', (event) => moveByArrows(this.#list, event))
    this.#list.addEventListener('pointerleave', () => events.onPoint(null))
    this.#list.addEventListener('focusout', () => events.onPoint(null))
  }

  get filter(): Filter {
    return this.#controls.filter
  }

  /** Makes the panel one for the answers of a task. */
  setTask(task: Task): void {
    this.#controls.setTask(task)
    this.#list.classList.toggle('bars', task !== 'object-detection')
  }

  /** Shows what an answer holds after the filter, and gives its detections. `empty` is said where there is none. */
  show(answer: Answer | undefined, empty: Empty): readonly Detection[] {
    const all = answer !== undefined && 'detections' in answer ? answer.detections : []
    this.#shown = filterDetections(all, this.filter)
    this.#showChips(all, this.filter.minScore)
    if (answer === undefined || 'detections' in answer) this.#showList()
    else this.#list.replaceChildren(...makeItems(answer, this.filter))
    showFacts(answer)
    const count = this.#list.children.length
    byId('count', 'h2').textContent = answer === undefined ? empty.title : countWords(answer, count)
    const hint = byId('list-empty', 'p')
    hint.hidden = count > 0
    hint.textContent = answer === undefined ? empty.hint : emptyHint(answer)
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
      chip.setAttribute('aria-pressed', String(!this.#controls.hidden.has(classId)))
      chip.addEventListener('click', () => {
        if (!this.#controls.hidden.delete(classId)) this.#controls.hidden.add(classId)
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

function makeItems(answer: Exclude<Answer, DetectResponse>, filter: Filter): HTMLLIElement[] {
  if ('regressions' in answer) return answer.regressions.map(makeValue)
  return filterClasses(answer.classifications, filter).map(makeBar)
}

function countWords(answer: Answer, count: number): string {
  if ('detections' in answer) return `${count || 'No'} ${count === 1 ? 'object' : 'objects'}`
  if ('regressions' in answer) return count === 1 ? 'Value' : 'Values'
  return count === 0 ? 'No class' : count === 1 ? 'The best class' : `The best ${count} classes`
}

function emptyHint(answer: Answer): string {
  if ('regressions' in answer) return 'The model gave no value.'
  if ('classifications' in answer) {
    const [best] = answer.classifications
    if (best === undefined) return 'The model gave no class.'
    return `No class reaches the lowest score; the best has ${classPercent(best)}.`
  }
  const { length } = answer.detections
  if (length === 0) return 'The model found none of its labels here.'
  return `A lower score or more labels would show up to ${length}.`
}
