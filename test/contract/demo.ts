/**
 * Exports the demo model in its four forms below the directory of its argument, and prints how many milliseconds each
 * took as one JSON object.
 */
import { join } from 'node:path'
import { writeDemoVersion } from '../../src/export/demo-version.js'
import type { VersionOptions } from '../../src/export/written-version.js'

const FORMS: Readonly<Record<string, VersionOptions>> = {
  pixels: { input: 'pixels', variables: false },
  variables: { input: 'pixels', variables: true },
  encoded: { input: 'encoded', variables: false },
  encoded_variables: { input: 'encoded', variables: true },
}

const [directory] = process.argv.slice(2)
if (directory === undefined) throw new Error('usage: demo.ts DIRECTORY')

const milliseconds: Record<string, number> = {}
for (const [form, options] of Object.entries(FORMS)) {
  const start = performance.now()
  await writeDemoVersion(join(directory, form, '1'), options)
  milliseconds[form] = Math.round(performance.now() - start)
}
process.stdout.write(`${JSON.stringify(milliseconds)}\n`)
