import type { Detection } from '../client/wire.js'
import { classColours } from './colour.js'
import { byId, make } from './dom.js'
import { nameOf, percent } from './filter.js'

const SVG = 'http://www.w3.org/2000/svg'

/** Where a plate's outer side is taken from the right edge of its box, so that it stays inside the picture. */
const RIGHT_FROM = 0.7

/** Boxes above this part of the height have their plate inside. */
const INSIDE_ABOVE = 0.07

/** Draws boxes over the picture, as vectors, so that they are crisp on any screen and at any zoom. */
export class Overlay {
  readonly #boxes = document.getElementById('boxes') as unknown as SVGSVGElement
  readonly #plates = byId('plates', 'div')
  readonly #frame = byId('frame', 'div')
  #detections: readonly Detection[] = []
  #parts: { readonly box: Element; readonly plate: Element }[] = []

  /** `onPoint` hears of the detection under the pointer, and of `null` when there is none any more. */
  constructor(onPoint: (detection: Detection | null) => void) {
    this.#boxes.addEventListener('pointerover', (event) => {
      const group = (event.target as Element).closest('.box')
      onPoint(this.#detections[this.#parts.findIndex(({ box }) => box === group)] ?? null)
    })
    this.#boxes.addEventListener('pointerout', () => onPoint(null))
  }

  /** Draws the boxes of a picture of `width` by `height` pixels; those of the best scores, which come first, on top. */
  draw(
    size: { readonly width: number; readonly height: number },
    detections: readonly Detection[],
  ) {
    this.#detections = detections
    this.#boxes.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`)
    this.#boxes.setAttribute('preserveAspectRatio', 'none')
    this.#parts = detections.map((it) => ({ box: makeBox(it), plate: makePlate(it) }))
    this.#boxes.replaceChildren(...this.#parts.map(({ box }) => box).reverse())
    this.#plates.replaceChildren(...this.#parts.map(({ plate }) => plate).reverse())
    this.highlight(null)
  }

  clear(): void {
    this.draw({ width: 1, height: 1 }, [])
  }

  /** Makes one box stand out from the others; `null` makes all alike. */
  highlight(detection: Detection | null): void {
    const index = detection === null ? -1 : this.#detections.indexOf(detection)
    this.#frame.classList.toggle('dim', index >= 0)
    for (const [at, { box, plate }] of this.#parts.entries()) {
      box.classList.toggle('active', at === index)
      plate.classList.toggle('active', at === index)
    }
  }
}

function makeBox({ box, class_id }: Detection): Element {
  const group = document.createElementNS(SVG, 'g')
  group.setAttribute('class', 'box')
  for (const part of ['halo', 'line']) {
    const rect = document.createElementNS(SVG, 'rect')
    rect.setAttribute('class', part)
    rect.setAttribute('x', String(box.x_min))
    rect.setAttribute('y', String(box.y_min))
    rect.setAttribute('width', String(box.x_max - box.x_min))
    rect.setAttribute('height', String(box.y_max - box.y_min))
    if (part === 'line') rect.setAttribute('stroke', classColours(class_id).box)
    group.append(rect)
  }
  return group
}

function makePlate(detection: Detection): HTMLElement {
  const { x_min, x_max, y_min } = detection.box_normalized
  const colours = classColours(detection.class_id)
  const inside = y_min < INSIDE_ABOVE
  const plate = make(
    'span',
    { className: `plate ${inside ? 'inside' : 'above'}` },
    `${nameOf(detection)} ${percent(detection.score)}`,
  )
  plate.style.top = `${y_min * 100}%`
  if (x_min > RIGHT_FROM) plate.style.right = `${(1 - x_max) * 100}%`
  else plate.style.left = `${x_min * 100}%`
  plate.style.background = colours.box
  plate.style.color = colours.text
  return plate
}
