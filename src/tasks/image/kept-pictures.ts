/** Counts the pictures that are kept decoded while the model works, so that a picture to draw on is decoded once. */
export class KeptPictures {
  readonly #maxBytes: number
  #bytes = 0

  /** `maxBytes` is what pictures may hold that wait for the model's answer, all requests together. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /**
   * Takes room for a picture of so many bytes and gives what gives it back, or `undefined` when there is none: the picture
   * is then decoded again when it is drawn on.
   */
  reserve(bytes: number): (() => void) | undefined {
    if (this.#bytes + bytes > this.#maxBytes) return undefined
    this.#bytes += bytes
    return () => {
      this.#bytes -= bytes
    }
  }
}
