import { readFile } from 'node:fs/promises'
import t from 'tap'
import { withMemoryTables } from '../../scripts/memory-docs.js'
import { envExample, withSettingsTable } from '../../scripts/settings-docs.js'

const read = (name: string) => readFile(new URL(`../../${name}`, import.meta.url), 'utf8')

t.test('the settings are documented as they are; npm run docs writes them', async (t) => {
  t.equal(await read('.env.example'), envExample(), '.env.example')
  const readme = await read('README.md')
  t.equal(readme, withMemoryTables(withSettingsTable(readme)), 'README.md')
})
