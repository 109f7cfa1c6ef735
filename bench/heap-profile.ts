import { readFile } from 'node:fs/promises'

interface HeapNode {
  readonly callFrame: { functionName: string; url: string; lineNumber: number }
  readonly selfSize: number
  readonly children: readonly HeapNode[]
}

/** Bytes that a function allocated on V8's heap; the memory of buffers is outside of it. */
export interface Allocation {
  readonly name: string
  readonly bytes: number
}

function shortUrl(url: string): string {
  return url.replace(/^.*\/node_modules\//, '').replace(/^.*\/dist\//, 'dist/')
}

/** Sums up a sampling heap profile by function, for one of `photos` photos, largest first. */
export async function summarizeHeap(file: string, photos: number): Promise<Allocation[]> {
  const { head } = JSON.parse(await readFile(file, 'utf8')) as { head: HeapNode }
  const sums = new Map<string, number>()
  const visit = ({ callFrame, selfSize, children }: HeapNode) => {
    const { functionName, url, lineNumber } = callFrame
    const name = `${functionName || '(anonymous)'} ${shortUrl(url)}:${lineNumber + 1}`
    sums.set(name, (sums.get(name) ?? 0) + selfSize)
    for (const child of children) visit(child)
  }
  visit(head)
  return [...sums]
    .map(([name, bytes]) => ({ name, bytes: bytes / photos }))
    .sort((one, other) => other.bytes - one.bytes)
}
