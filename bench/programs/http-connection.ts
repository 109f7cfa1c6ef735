import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** What came back for one request. */
export interface HttpAnswer {
  readonly status: number
  /** Bytes of the body. */
  readonly bytes: number
}

interface Pending {
  resolve(answer: HttpAnswer): void
  reject(error: Error): void
}

const END_OF_HEAD = '\r\n\r\n'

/**
 * One HTTP/1.1 connection that is kept alive. It writes requests that are ready to send and counts the bytes that come
 * back: a client that built and parsed more would take the cores from the server it measures.
 */
export class HttpConnection {
  readonly #host: string
  readonly #port: number
  #socket: Socket | undefined
  #pending: Pending | undefined
  #head: Buffer = Buffer.alloc(0)
  #status = 0
  /** Bytes of the body still to come; negative while the head is read. */
  #left = -1
  #length = 0

  constructor(url: string) {
    const { hostname, port } = new URL(url)
    this.#host = hostname
    this.#port = Number(port)
  }

  /** Sends one request and waits for the end of its answer. The connection is made, or made again, when it is missing. */
  async send(request: Buffer): Promise<HttpAnswer> {
    const socket = await this.#open()
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject }
      socket.write(request)
    })
  }

  close(): void {
    this.#socket?.destroy()
    this.#socket = undefined
  }

  async #open(): Promise<Socket> {
    if (this.#socket !== undefined) return this.#socket
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true })
    await once(socket, 'connect')
    socket.on('data', (chunk) => this.#take(chunk))
    const lost = (error?: Error) => {
      if (this.#socket === socket) this.#socket = undefined
      this.#fail(error ?? new Error('The connection was closed'))
    }
    socket.on('error', lost).on('close', () => lost())
    this.#socket = socket
    return socket
  }

  #fail(error: Error): void {
    const pending = this.#pending
    this.#pending = undefined
    this.#left = -1
    pending?.reject(error)
  }

  #take(chunk: Buffer): void {
    if (this.#left < 0) {
      const body = this.#readHead(chunk)
      if (body === undefined) return
      this.#left -= body
    } else {
      this.#left -= chunk.length
    }
    if (this.#left > 0) return
    const pending = this.#pending
    this.#pending = undefined
    this.#left = -1
    pending?.resolve({ status: this.#status, bytes: this.#length })
  }

  /** Reads status and length; gives the bytes of the body that came along, or undefined while the head is not complete. */
  #readHead(chunk: Buffer): number | undefined {
    this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk])
    const end = this.#head.indexOf(END_OF_HEAD)
    if (end < 0) return undefined
    const head = this.#head.toString('latin1', 0, end)
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
    this.#status = Number(head.slice(9, 12))
    this.#length = Number(length)
    this.#left = this.#length
    const body = this.#head.length - end - END_OF_HEAD.length
    this.#head = Buffer.alloc(0)
    if (length === undefined) this.#socket?.destroy(new Error(`An answer without length: ${head}`))
    if (/\r\nconnection: *close/i.test(head)) this.#socket = undefined
    return body
  }
}
