import type { GatewayProblem } from '../client/client.js'
import { byId } from './dom.js'
import type { Photo } from './photo.js'

/** Small pictures are shown larger than they are by this factor at most. */
const MAX_ENLARGEMENT = 2

/** Pixels round the picture, for the outer half of lines along its edge. */
const MARGIN = 4

/** The place where the picture is: nothing yet, a photo, the camera, and what went wrong with them. */
export class Stage {
  readonly #stage = byId('stage', 'div')
  readonly #frame = byId('frame', 'div')
  readonly #photo = byId('photo', 'img')
  readonly #video = byId('video', 'video')
  #size = { width: 0, height: 0 }

  /** `onUnreadable` hears when the browser cannot show the picture that was given last. */
  constructor(onUnreadable: () => void) {
    new ResizeObserver(() => this.#fit()).observe(this.#stage)
    this.#photo.addEventListener('load', () => {
      this.#frame.classList.remove('pending')
      this.#setSize(this.#photo.naturalWidth, this.#photo.naturalHeight)
    })
    this.#photo.addEventListener('error', onUnreadable)
    this.#video.addEventListener('resize', () => {
      this.#setSize(this.#video.videoWidth, this.#video.videoHeight)
    })
  }

  showEmpty(): void {
    this.#show('empty')
    this.#photo.removeAttribute('src')
    this.showProblem(undefined)
    this.showWorking(undefined)
  }

  showPhoto({ url, name, unreadable }: Photo): void {
    this.#show('photo')
    byId('unshown', 'p').hidden = unreadable !== 'unshown'
    if (this.#photo.getAttribute('src') === url) return
    // Neither the last picture's place nor a sign for a broken one is shown meanwhile.
    this.#frame.classList.add('pending')
    this.#photo.src = url
    this.#photo.alt = name
  }

  showCamera(): void {
    this.#show('video')
    this.#frame.classList.remove('pending')
    this.#photo.removeAttribute('src')
    this.#setSize(this.#video.videoWidth, this.#video.videoHeight)
  }

  /** Says that something is under way; `undefined` that nothing is. */
  showWorking(text: string | undefined): void {
    byId('working', 'div').hidden = text === undefined
    byId('working-text', 'span').textContent = text ?? ''
  }

  /** Says in words what went wrong; `undefined` takes it away. */
  showProblem(problem: GatewayProblem | undefined, name = ''): void {
    const failure = byId('failure', 'div')
    failure.hidden = problem === undefined
    if (problem === undefined) return
    const title = problem.problem?.title ?? 'No answer from the gateway'
    byId('failure-title', 'h2').textContent = name === '' ? title : `${name}: ${title}`
    byId('failure-detail', 'p').textContent = problem.message
    const id = problem.requestId === undefined ? '' : `, request ${problem.requestId}`
    byId('failure-facts', 'p').textContent = `${problem.code}${id}`
  }

  /** Shows how often the camera is looked at, and how many frames gave way to newer ones; `undefined` takes it away. */
  showFps(fps: number | undefined, dropped = 0): void {
    const place = byId('fps', 'p')
    place.hidden = fps === undefined
    const gaveWay = dropped === 0 ? '' : `, ${dropped} dropped`
    place.textContent = fps === undefined ? '' : `${fps.toFixed(1)} frames a second${gaveWay}`
  }

  #show(what: 'empty' | 'photo' | 'video'): void {
    byId('empty', 'div').hidden = what !== 'empty'
    this.#frame.hidden = what === 'empty'
    this.#photo.hidden = what !== 'photo'
    this.#video.hidden = what !== 'video'
    byId('bar', 'div').hidden = what === 'empty'
    byId('unshown', 'p').hidden = true
  }

  #setSize(width: number, height: number): void {
    this.#size = { width, height }
    this.#fit()
  }

  /** Gives the frame the largest size with the picture's shape, so that boxes lie on it by fractions. */
  #fit(): void {
    const { width, height } = this.#size
    if (width === 0 || height === 0) return
    const { clientWidth, clientHeight } = this.#stage
    const scale = Math.min(
      (clientWidth - 2 * MARGIN) / width,
      (clientHeight - 2 * MARGIN) / height,
      MAX_ENLARGEMENT,
    )
    this.#frame.style.width = `${width * scale}px`
    this.#frame.style.height = `${height * scale}px`
  }
}
