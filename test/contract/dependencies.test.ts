import { readFileSync } from 'node:fs'
import t from 'tap'

interface Locked {
  readonly dev?: boolean
  readonly hasInstallScript?: boolean
  readonly license?: string
}

/** May be given on with a program under Apache-2.0; of LGPL only what is linked dynamically, which libvips is. */
const LICENCES = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'LGPL-3.0-or-later',
  'MIT',
])

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  dependencies: Record<string, string>
}
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, Locked>
}
const installed = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev)

t.test('dependencies of a production install', async (t) => {
  t.test('are each explained', async (t) => {
    const [table = ''] = readFileSync('docs/dependencies.md', 'utf8').split('What is native')
    const explained = table
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => [...line.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!))
    t.strictSame(explained.toSorted(), Object.keys(dependencies).toSorted())
  })

  t.test('need no install script', async (t) => {
    // Of protobufjs: it looks for a version scheme and prints.
    const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript)
    t.strictSame(
      scripted.map(([path]) => path),
      ['node_modules/protobufjs'],
    )
  })

  t.test('may be given on', async (t) => {
    for (const [path, { license }] of installed) {
      const names = (license ?? 'none').replaceAll(/[()]/g, '').split(/ (?:AND|OR) /)
      t.ok(
        names.every((name) => LICENCES.has(name)),
        `${path}: ${license}`,
      )
    }
  })
})
