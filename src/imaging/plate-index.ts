import type { PixelRect } from './canvas.js'

/** The plates that are already placed on a picture, sorted into horizontal bands, so that a look-up sees few of them. */
export class PlateIndex {
  readonly #bands: PixelRect[][]
  readonly #bandHeight: number

  /** Takes the picture's height and that of a band in pixels; bands as high as a usual plate work best. */
  constructor(pictureHeight: number, bandHeight: number) {
    this.#bandHeight = bandHeight
    this.#bands = Array.from({ length: Math.ceil(pictureHeight / bandHeight) }, () => [])
  }

  add(plate: PixelRect): void {
    const last = this.#lastBand(plate)
    for (let band = this.#firstBand(plate); band <= last; band++) this.#bands[band]!.push(plate)
  }

  /** Sums the pixels that `rect` shares with each plate; stops at `limit`, above which the caller does not care. */
  overlap(rect: PixelRect, limit: number): number {
    const first = this.#firstBand(rect)
    const last = this.#lastBand(rect)
    let sum = 0
    for (let band = first; band <= last && sum < limit; band++) {
      for (const plate of this.#bands[band]!) {
        // A plate of several bands counts in the first one that both share.
        if (band === Math.max(first, this.#firstBand(plate))) sum += sharedPixels(rect, plate)
      }
    }
    return sum
  }

  #firstBand({ y }: PixelRect): number {
    return Math.max(0, Math.floor(y / this.#bandHeight))
  }

  #lastBand({ y, height }: PixelRect): number {
    return Math.min(this.#bands.length - 1, Math.floor((y + height - 1) / this.#bandHeight))
  }
}

function sharedPixels(one: PixelRect, other: PixelRect): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x)
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y)
  return Math.max(0, width) * Math.max(0, height)
}
