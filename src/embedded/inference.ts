import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { BatchShape, DetectionBatch, WorkerMessage } from './worker-messages.js'

export interface InferenceOptions {
  /** The worker's entry file, in place of the one that runs the demo network. */
  readonly entry?: URL
}

interface Job {
  readonly pixels: Uint8Array
  readonly shape: BatchShape
  resolve(batch: DetectionBatch): void
  reject(error: Error): void
}

/**
 * The demo network in a worker thread. The thread starts with the object; requests wait in the order in which they
 * came and are handed over one at a time, so that one that is given up while it waits costs nothing.
 */
export class Inference {
  /** Settles when the network is loaded and has run once; rejects when the worker ends before that. */
  readonly ready: Promise<void>
  /** Settles when the worker has ended: with the error it ended with, or nothing after `close()`. */
  readonly stopped: Promise<Error | undefined>
  readonly #worker: Worker
  readonly #waiting: Job[] = []
  #running: Job | undefined
  #requests = 0
  #closing = false
  #ended: Error | undefined

  constructor(options: InferenceOptions = {}) {
    // The same file is TypeScript under a loader and JavaScript in dist.
    const own = `./worker${extname(import.meta.filename)}`
    this.#worker = new Worker(options.entry ?? new URL(own, import.meta.url))
    this.stopped = this.#watch()
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on('message', (message: WorkerMessage) => {
        if (message.kind === 'ready') resolve()
        else this.#settle(message)
      })
      this.stopped.then((error) => reject(error ?? new Error('The inference worker was closed')))
    })
    // Whoever asks for `ready` sees its rejection; nobody has to ask.
    this.ready.catch(() => {})
  }

  /**
   * Detects objects in a batch of RGB images. Takes the pixels over: their buffer may be detached afterwards. Rejects
   * with the reason of `signal` when it aborts before the batch is in work, and when the worker ends.
   */
  infer(pixels: Uint8Array, shape: BatchShape, signal?: AbortSignal): Promise<DetectionBatch> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) throw this.#ended
      signal?.throwIfAborted()
      const giveUp = () => {
        const index = this.#waiting.indexOf(job)
        if (index < 0) return
        this.#waiting.splice(index, 1)
        reject(signal?.reason)
      }
      const job: Job = {
        pixels,
        shape,
        resolve: (batch) => {
          signal?.removeEventListener('abort', giveUp)
          resolve(batch)
        },
        reject: (error) => {
          signal?.removeEventListener('abort', giveUp)
          reject(error)
        },
      }
      signal?.addEventListener('abort', giveUp, { once: true })
      this.#waiting.push(job)
      this.#next()
    })
  }

  /** Ends the worker; requests that wait or run are rejected. */
  async close(): Promise<void> {
    this.#closing = true
    await this.#worker.terminate()
    await this.stopped
  }

  #watch(): Promise<Error | undefined> {
    return new Promise((resolve) => {
      let cause: Error | undefined
      this.#worker.on('error', (error: Error) => {
        cause = error
      })
      this.#worker.on('exit', (code) => {
        const crash = cause ?? new Error(`The inference worker ended with exit code ${code}`)
        this.#ended = this.#closing ? new Error('The inference worker was closed') : crash
        const jobs = [this.#running, ...this.#waiting.splice(0)]
        this.#running = undefined
        for (const job of jobs) job?.reject(this.#ended)
        resolve(this.#closing ? undefined : crash)
      })
    })
  }

  #next(): void {
    if (this.#running !== undefined) return
    const job = this.#waiting.shift()
    if (job === undefined) return
    this.#running = job
    const pixels = ownBytes(job.pixels)
    this.#requests += 1
    this.#worker.postMessage({ id: this.#requests, pixels, shape: job.shape }, [pixels.buffer])
  }

  #settle(message: Exclude<WorkerMessage, { kind: 'ready' }>): void {
    const job = this.#running
    this.#running = undefined
    if (message.kind === 'detections') job?.resolve(message.batch)
    else job?.reject(new Error(message.message))
    this.#next()
  }
}

/** Copies the bytes when most of their buffer is not theirs, as with Node's pooled small buffers. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes
  const owned = buffer instanceof ArrayBuffer && byteLength * 2 > buffer.byteLength
  return owned ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes)
}
