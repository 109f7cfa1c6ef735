import { type PageGateway, toProblem } from './gateway.js'
import { forget, makePhoto, type Photo } from './photo.js'

/** Photos that are under way at once; more would only wait in the gateway's queue. */
const AT_ONCE = 3

/** The photos of the page, and the work of having each looked at. */
export class Album {
  photos: readonly Photo[] = []
  current: Photo | undefined
  readonly #gateway: PageGateway
  readonly #onChange: (photo: Photo | undefined) => void
  #run = new AbortController()
  #underWay = 0

  /** `onChange` hears of the photo whose state is another now, and of `undefined` when there are other photos. */
  constructor(gateway: PageGateway, onChange: (photo: Photo | undefined) => void) {
    this.#gateway = gateway
    this.#onChange = onChange
  }

  add(files: readonly File[]): void {
    const added = files.map((file, index) => makePhoto(file, file.name || `photo ${index + 1}`))
    this.photos = [...this.photos, ...added]
    this.current = added[0] ?? this.current
    this.#onChange(undefined)
    this.#work()
  }

  choose(photo: Photo): void {
    this.current = photo
    this.#onChange(undefined)
  }

  clear(): void {
    this.#stop()
    for (const photo of this.photos) forget(photo)
    this.photos = []
    this.current = undefined
    this.#onChange(undefined)
  }

  /** Has every photo looked at again by a model of another task, whose answers are other ones. */
  afresh(): void {
    for (const photo of this.photos) delete photo.answer
    this.again()
  }

  /** Has every photo looked at again, or only `photo`. */
  again(photo?: Photo): void {
    if (photo === undefined) this.#stop()
    for (const it of photo === undefined ? this.photos : [photo]) it.state = 'waiting'
    this.#onChange(undefined)
    this.#work()
  }

  /** Is told that the browser cannot show the photo on the stage. */
  markUnreadable(): void {
    const photo = this.current
    if (photo === undefined || photo.unreadable !== undefined) return
    photo.unreadable = 'upload'
    void this.#convert(photo)
  }

  /** Asks the gateway for a photo that it could read in a format that every browser shows. */
  async #convert(photo: Photo): Promise<void> {
    const { unreadable } = photo
    if (unreadable === undefined || unreadable === 'asked' || photo.state !== 'done') return
    photo.unreadable = 'asked'
    try {
      const picture = await this.#gateway.plainPicture(photo.file)
      if (!this.photos.includes(photo)) return
      if (picture === undefined) {
        photo.unreadable = 'unshown'
      } else {
        forget(photo)
        photo.url = URL.createObjectURL(picture)
      }
    } catch {
      // What was found is listed all the same.
      photo.unreadable = 'unshown'
    }
    this.#onChange(undefined)
  }

  #stop(): void {
    this.#run.abort()
    this.#run = new AbortController()
    this.#underWay = 0
  }

  #work(): void {
    while (this.#underWay < AT_ONCE) {
      const next = this.photos.find(({ state }) => state === 'waiting')
      if (next === undefined) return
      void this.#look(next, this.#run.signal)
    }
  }

  async #look(photo: Photo, signal: AbortSignal): Promise<void> {
    this.#underWay += 1
    photo.state = 'working'
    delete photo.problem
    this.#onChange(photo)
    try {
      const answer = await this.#gateway.look(photo.file, { signal })
      if (signal.aborted) return
      photo.answer = answer
      photo.state = 'done'
    } catch (error) {
      if (signal.aborted) return
      photo.problem = toProblem(error)
      delete photo.answer
      photo.state = 'failed'
    }
    this.#underWay -= 1
    void this.#convert(photo)
    this.#onChange(photo)
    this.#work()
  }
}
