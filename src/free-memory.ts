/** `ArrayBuffer.prototype.transfer` of Node 22 and later. */
type Transfer = (this: ArrayBuffer, length: number) => ArrayBuffer

const TRANSFER = Reflect.get(ArrayBuffer.prototype, 'transfer') as Transfer | undefined

/**
 * Gives the memory of a view back at once; the view then has no elements. Left to the garbage collector, some megabytes
 * a request make V8 go through all of its heap several times a second. Nobody may read the view any more: not
 * JavaScript, and no thread and no socket, which would read what is no longer theirs. A view of a part of a larger buffer
 * is left alone. Does nothing on Node 20, which has no way to.
 */
export function freeMemory({ buffer, byteLength }: ArrayBufferView): void {
  const isAlone = byteLength > 0 && byteLength === buffer.byteLength
  if (isAlone && buffer instanceof ArrayBuffer) TRANSFER?.call(buffer, 0)
}
