import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { addToModelsConfig } from '../../../../src/export/repository/models-config-writer.js'
import { parseModelsConfig } from '../../../../src/repository/models-config.js'

const ENTRY = { name: 'new', basePath: '/models/new' }

const LINES = `  config {
    name: "new"
    base_path: "/models/new"
    model_platform: "tensorflow"
  }
`

function file(t: Test, text?: string): string {
  const path = join(t.testdir(), 'models.config')
  if (text !== undefined) writeFileSync(path, text)
  return path
}

t.test('addToModelsConfig()', async (t) => {
  t.test('makes the file', async (t) => {
    const path = file(t)
    t.strictSame(await addToModelsConfig(path, ENTRY), { kind: 'added' })
    t.ok(readFileSync(path, 'utf8').endsWith(`model_config_list {\n${LINES}}\n`))
    t.strictSame(readdirSync(join(path, '..')), ['models.config'], 'and nothing beside it')
  })

  const texts: { name: string; before: string; after: string }[] = [
    {
      name: 'the usual form, with comments and policies',
      before: `# ours
model_config_list {
  # the first
  config {
    name: 'old' # { not a brace }
    base_path: "/m/}old"
    model_version_policy { specific { versions: 3 versions: 5 } }
    version_labels { key: 'stable' value: 3 }
  }
  # the end
}
# after
`,
      after: `# ours
model_config_list {
  # the first
  config {
    name: 'old' # { not a brace }
    base_path: "/m/}old"
    model_version_policy { specific { versions: 3 versions: 5 } }
    version_labels { key: 'stable' value: 3 }
  }
  # the end
${LINES}}
# after
`,
    },
    {
      name: 'one line',
      before: 'model_config_list: { config: { name: "a" base_path: "/a" } }',
      after: `model_config_list: { config: { name: "a" base_path: "/a" }\n${LINES}}`,
    },
    {
      name: 'angle brackets and a list',
      before: "model_config_list <\n  config: [{name: 'a'}, <name: 'b'>]\n>\n",
      after: `model_config_list <\n  config: [{name: 'a'}, <name: 'b'>]\n${LINES}>\n`,
    },
    {
      name: 'an empty list',
      before: 'model_config_list {}\n',
      after: `model_config_list {\n${LINES}}\n`,
    },
    {
      name: 'comments only',
      before: '# none yet',
      after: `# none yet\nmodel_config_list {\n${LINES}}\n`,
    },
    {
      name: 'a byte order mark and CRLF',
      before: '\uFEFFmodel_config_list {\r\n  config { name: "a" }\r\n}\r\n',
      after: `\uFEFFmodel_config_list {\r\n  config { name: "a" }\r\n${LINES}}\r\n`,
    },
    {
      name: 'an indented list',
      before: '  model_config_list {\n  }',
      after: `  model_config_list {\n${LINES.replace(/^/gm, '  ').trimEnd()}\n  }`,
    },
  ]
  for (const { name, before, after } of texts) {
    t.test(`adds to ${name} and leaves the rest as it is`, async (t) => {
      const path = file(t, before)
      t.strictSame(await addToModelsConfig(path, ENTRY), { kind: 'added' })
      const text = readFileSync(path, 'utf8')
      t.equal(text, after)
      t.equal(parseModelsConfig(text, path).at(-1)!.basePath, '/models/new')
    })
  }

  t.test('keeps an entry of that name, to the byte', async (t) => {
    const text = 'model_config_list { config { name: "new" base_path: "/elsewhere" } }'
    const path = file(t, text)
    t.match(await addToModelsConfig(path, ENTRY), {
      kind: 'kept',
      entry: { basePath: '/elsewhere' },
    })
    t.equal(readFileSync(path, 'utf8'), text)
  })

  t.test('escapes names', async (t) => {
    const path = file(t)
    await addToModelsConfig(path, { name: 'a "b" \\c', basePath: '/m/a "b" \\c' })
    t.match(parseModelsConfig(readFileSync(path, 'utf8'), path), [
      { name: 'a "b" \\c', basePath: '/m/a "b" \\c' },
    ])
  })

  t.test('keeps the mode, and a symbolic link', async (t) => {
    const folder = t.testdir()
    const real = join(folder, 'real')
    mkdirSync(real)
    writeFileSync(join(real, 'models.config'), '', { mode: 0o600 })
    symlinkSync(join(real, 'models.config'), join(folder, 'models.config'))
    await addToModelsConfig(join(folder, 'models.config'), ENTRY)
    t.equal(statSync(join(real, 'models.config')).mode & 0o777, 0o600)
    t.match(readFileSync(join(real, 'models.config'), 'utf8'), /"new"/)
  })

  const refused: { name: string; text: string; message: RegExp }[] = [
    {
      name: 'a file that TF-Serving cannot read either, by its line',
      text: 'model_config_list {\n  config {\n',
      message: /models\.config:\d+:\d+: expected "}"/,
    },
    {
      name: 'another kind of configuration',
      text: 'custom_model_config { [type.googleapis.com/a.B] { c: 1 } }',
      message: /holds custom_model_config in place of a model_config_list/,
    },
  ]
  for (const { name, text, message } of refused) {
    t.test(`refuses ${name}`, async (t) => {
      const path = file(t, text)
      await t.rejects(addToModelsConfig(path, ENTRY), { message })
      t.equal(readFileSync(path, 'utf8'), text, 'and leaves it')
    })
  }

  t.test('leaves the old file when the new one cannot be written', async (t) => {
    const path = file(t, 'model_config_list {}')
    // A directory in the place of the file: it cannot be replaced.
    const blocked = join(path, '..', 'blocked')
    mkdirSync(join(blocked, 'models.config', 'x'), { recursive: true })
    await t.rejects(addToModelsConfig(join(blocked, 'models.config'), ENTRY), {
      name: 'ExportError',
    })
    t.ok(existsSync(join(blocked, 'models.config', 'x')))
    t.strictSame(readdirSync(blocked), ['models.config'])
  })
})
