import { readFile, writeFile } from 'node:fs/promises'
import { envExample, withSettingsTable } from './settings-docs.js'

const at = (name: string) => new URL(`../${name}`, import.meta.url)
await writeFile(at('.env.example'), envExample())
await writeFile(at('README.md'), withSettingsTable(await readFile(at('README.md'), 'utf8')))
