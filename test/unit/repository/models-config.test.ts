import t from 'tap'
import { parseModelsConfig } from '../../../src/repository/models-config.js'

const LATEST = { kind: 'latest', count: 1 }

t.test('parseModelsConfig() reads', async (t) => {
  const cases: { name: string; text: string; models: object[] }[] = [
    { name: 'an empty file', text: '', models: [] },
    { name: 'an empty list', text: 'model_config_list: {}', models: [] },
    {
      name: 'a custom configuration',
      text: 'custom_model_config { [type.googleapis.com/a.B] { c: 1 } }',
      models: [],
    },
    {
      name: 'the usual form',
      text: `# served models
model_config_list {
  config {
    name: 'ssd'
    base_path: "/models/ssd"
    model_platform: "tensorflow"
  }
  config { name: "frcnn" base_path: '/models/frcnn' }
}`,
      models: [
        { name: 'ssd', basePath: '/models/ssd', versionPolicy: LATEST },
        { name: 'frcnn', basePath: '/models/frcnn', versionPolicy: LATEST },
      ],
    },
    {
      name: 'colons, a list, angle brackets',
      text: 'model_config_list: <config: [{name: "a"}, <name: "b", base_path: "/m/b">]>',
      models: [
        { name: 'a', basePath: null },
        { name: 'b', basePath: '/m/b' },
      ],
    },
    {
      name: 'version policies',
      text: `model_config_list {
        config { name: "a" model_version_policy { latest { num_versions: 2 } } }
        config { name: "b" model_version_policy { all {} } }
        config { name: "c" model_version_policy { specific { versions: 3 versions: [1700000000123456789] } } }
        config { name: "d" model_version_policy: {} }
        config { name: "e" model_version_policy { latest {} } }
      }`,
      models: [
        { name: 'a', versionPolicy: { kind: 'latest', count: 2 } },
        { name: 'b', versionPolicy: { kind: 'all' } },
        { name: 'c', versionPolicy: { kind: 'specific', versions: ['3', '1700000000123456789'] } },
        { name: 'd', versionPolicy: LATEST },
        { name: 'e', versionPolicy: LATEST },
      ],
    },
  ]
  for (const { name, text, models } of cases) {
    const found = parseModelsConfig(text, 'models.config')
    t.equal(found.length, models.length, name)
    t.match(found, models, name)
  }
})

t.test('parseModelsConfig() reads version labels', async (t) => {
  const text = `model_config_list { config { name: "a"
    version_labels { key: 'canary' value: 2 } version_labels [{ value: 1, key: "stable" }, { key: "zero" }] } }`
  t.strictSame(
    [...(parseModelsConfig(text, 'models.config')[0]?.versionLabels ?? [])],
    [
      ['canary', '2'],
      ['stable', '1'],
      ['zero', '0'],
    ],
  )
})

t.test('parseModelsConfig() names the file, the line and the reason', async (t) => {
  const cases = [
    {
      name: 'an open brace',
      text: 'model_config_list {\n config {',
      message: 'm.config:2:10: expected "}" for line 2, found the end of the text',
    },
    {
      name: 'an entry without a name',
      text: 'model_config_list {\n config { base_path: "/m" } }',
      message: 'm.config:2:2: the config has no name',
    },
    {
      name: 'a name twice',
      text: 'model_config_list { config { name: "a" }\nconfig { name: "a" } }',
      message: 'm.config:2:1: the model "a" is listed twice',
    },
    {
      name: 'a name without quotes',
      text: 'model_config_list { config { name: ssd } }',
      message: 'm.config:1:30: name must be a quoted string',
    },
    {
      name: 'two lists',
      text: 'model_config_list {}\nmodel_config_list {}',
      message: 'm.config:2:1: model_config_list is given twice',
    },
    {
      name: 'a label without a map',
      text: 'model_config_list { config { name: "a" version_labels { key: 1 } } }',
      message: 'm.config:1:57: key must be a quoted string',
    },
  ]
  for (const { name, text, message } of cases) {
    t.throws(
      () => parseModelsConfig(text, 'm.config'),
      { name: 'RepositoryFileError', file: 'm.config', message },
      name,
    )
  }
})
