import { summary } from './answer.js'
import { byId, make, moveByArrows } from './dom.js'
import { type Filter, filterDetections } from './filter.js'
import type { Photo } from './photo.js'

/** The row of small pictures, and how far the gateway is with them. */
export class Strip {
  readonly #strip = byId('strip', 'ul')
  readonly #onChoose: (photo: Photo) => void

  constructor(onChoose: (photo: Photo) => void) {
    this.#onChoose = onChoose
    this.#strip.addEventListener('keydown', (event) => moveByArrows(this.#strip, event))
  }

  show(photos: readonly Photo[], current: Photo | undefined, filter: Filter): void {
    this.#strip.hidden = photos.length < 2
    const old = [...this.#strip.querySelectorAll('button')]
    const focused = old.indexOf(document.activeElement as HTMLButtonElement)
    const scroll = this.#strip.scrollLeft
    const buttons = photos.map((photo) => this.#button(photo, photo === current, filter))
    this.#strip.replaceChildren(...buttons.map((button) => make('li', {}, button)))
    this.#strip.scrollLeft = scroll
    if (focused >= 0) buttons[focused]?.focus()
    showProgress(photos)
  }

  #button(photo: Photo, isCurrent: boolean, filter: Filter): HTMLButtonElement {
    const [badge, words] = describe(photo, filter)
    const button = make('button', { type: 'button', title: photo.name })
    button.setAttribute('aria-label', `${photo.name}: ${words}`)
    if (isCurrent) button.setAttribute('aria-current', 'true')
    const picture = make('img', { src: photo.url, alt: '' })
    picture.addEventListener('error', () => {
      picture.replaceWith(make('span', { className: 'thumb-name' }, photo.name))
    })
    const className = photo.state === 'failed' ? 'badge bad' : 'badge'
    button.append(picture, make('span', { className }, badge))
    button.addEventListener('click', () => this.#onChoose(photo))
    return button
  }
}

function describe({ state, answer }: Photo, filter: Filter): readonly [string, string] {
  if (state === 'failed') return ['!', 'failed']
  if (state !== 'done' || answer === undefined) return ['…', state]
  const words = summary(answer, filter)
  if (!('detections' in answer)) return [words, words]
  return [String(filterDetections(answer.detections, filter).length), words]
}

function showProgress(photos: readonly Photo[]): void {
  const ended = photos.filter(({ state }) => state === 'done' || state === 'failed').length
  const failed = photos.filter(({ state }) => state === 'failed').length
  const progress = byId('progress', 'progress')
  progress.max = Math.max(photos.length, 1)
  progress.value = ended
  progress.parentElement!.hidden = photos.length < 2
  byId('progress-text', 'span').textContent =
    `${ended} of ${photos.length}${failed > 0 ? `, ${failed} failed` : ''}`
}
