/** Bytes of decoded pictures that may wait for the model's answer, all requests together. */
const KEPT_BYTES = 64 * 1024 * 1024

/** Counts the pictures that are kept decoded while the model works, so that a picture to draw on is decoded once. */
export class KeptPictures {
  #bytes = 0

  /**
   * Takes room for a picture of so many bytes and gives what gives it back, or `undefined` when there is none: the picture
   * is then decoded again when it is drawn on.
   */
  reserve(bytes: number): (() => void) | undefined {
    if (this.#bytes + bytes > KEPT_BYTES) return undefined
    this.#bytes += bytes
    return () => {
      this.#bytes -= bytes
    }
  }
}
