/**
 * Is the JavaScript half of the export contract: export.py starts it and asks, one JSON object a line on stdin, answered
 * by one on stdout: `{"result": ...}` or `{"error": ...}`.
 */
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { writeDemoVersion } from '../../src/export/demo-version.js'
import { detectSource } from '../../src/export/detect-source.js'
import { ExportError } from '../../src/export/export-error.js'
import { inspectPath } from '../../src/export/inspect.js'
import { writeVersion } from '../../src/export/write-version.js'
import type { VersionOptions } from '../../src/export/written-version.js'

interface Question {
  readonly op: 'export' | 'demo' | 'inspect' | 'memory'
  readonly path: string
  readonly directory: string
  readonly options: VersionOptions
}

function answer({ op, path, directory, options }: Question): Promise<unknown> {
  switch (op) {
    case 'demo':
      return writeDemoVersion(directory, options)
    case 'inspect':
      return inspectPath(path)
    case 'export':
      return writeVersion(detectSource(path), directory, options)
    case 'memory':
      return peakMemory()
  }
}

/** In bytes. What getrusage tells would include the process that started this one. */
async function peakMemory(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return kibibytes === undefined ? process.memoryUsage.rss() : Number(kibibytes) * 1024
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    const result = await answer(JSON.parse(line))
    process.stdout.write(`${JSON.stringify({ result })}\n`)
  } catch (error) {
    if (!(error instanceof ExportError)) throw error
    process.stdout.write(`${JSON.stringify({ error: error.message })}\n`)
  }
}
