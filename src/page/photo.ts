import type { GatewayProblem } from '../client/client.js'
import type { Answer } from './answer.js'

/** One photo on the page and what is known of it. */
export interface Photo {
  readonly name: string
  readonly file: Blob
  /** An address of the picture for `img`; of another file once the browser could not read the upload. */
  url: string
  state: 'waiting' | 'working' | 'done' | 'failed'
  answer?: Answer
  problem?: GatewayProblem
  /**
   * The browser cannot show the upload; `asked` once the gateway was asked for it in a format that it can, and `unshown`
   * where the gateway had none.
   */
  unreadable?: 'upload' | 'asked' | 'unshown'
}

/** Makes a photo of a file. `forget` it when it is not shown any more. */
export function makePhoto(file: Blob, name: string): Photo {
  return { name, file, url: URL.createObjectURL(file), state: 'waiting' }
}

/** Gives the memory of a photo back. */
export function forget(photo: Photo): void {
  URL.revokeObjectURL(photo.url)
}
