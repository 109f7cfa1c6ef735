import { readFile, writeFile } from 'node:fs/promises'
import { withMemoryTables } from './memory-docs.js'
import { envExample, withSettingsTable } from './settings-docs.js'

const at = (name: string) => new URL(`../${name}`, import.meta.url)
await writeFile(at('.env.example'), envExample())
const readme = await readFile(at('README.md'), 'utf8')
await writeFile(at('README.md'), withMemoryTables(withSettingsTable(readme)))
