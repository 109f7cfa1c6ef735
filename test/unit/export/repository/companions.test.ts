import { join } from 'node:path'
import t from 'tap'
import { companionFolders, findCompanions } from '../../../../src/export/repository/companions.js'

const PIPELINE = 'train_input_reader { label_map_path: "a/right_label_map.pbtxt" }'
const label = (name: string) => `item { id: 1 name: '${name}' }`

t.test('findCompanions()', async (t) => {
  t.test('takes the label map that pipeline.config names', async (t) => {
    const folder = t.testdir({
      'pipeline.config': PIPELINE,
      'a_label_map.pbtxt': label('wrong'),
      'right_label_map.pbtxt': label('right'),
    })
    const { labels, labelsFile, pipelineFile, problems } = await findCompanions([folder])
    t.strictSame([...(labels ?? [])], [[1, 'right']])
    t.equal(labelsFile, join(folder, 'right_label_map.pbtxt'))
    t.equal(pipelineFile, join(folder, 'pipeline.config'))
    t.strictSame(problems, [])
  })

  t.test('looks into the folders in their order', async (t) => {
    const folder = t.testdir({
      near: { 'labels.txt': 'near' },
      far: { 'labels.txt': 'far', 'pipeline.config': 'model { ssd { num_classes: 1 } }' },
    })
    const { labels, pipeline } = await findCompanions([join(folder, 'near'), join(folder, 'far')])
    t.strictSame([...(labels ?? [])], [[1, 'near']])
    t.equal(pipeline?.classes, 1)
  })

  t.test('passes over what cannot be read, and tells', async (t) => {
    const folder = t.testdir({
      'pipeline.config': 'model {',
      'a_labels.pbtxt': 'item {',
      'b_labels.txt': 'good',
    })
    const { labels, pipeline, problems } = await findCompanions([folder, join(folder, 'nowhere')])
    t.strictSame([...(labels ?? [])], [[1, 'good']])
    t.equal(pipeline, undefined)
    t.match(problems, [/pipeline\.config:1/, /a_labels\.pbtxt:1/])
  })

  t.test('companionFolders() looks beside the model, above a SavedModel too', async (t) => {
    t.strictSame(companionFolders({ kind: 'saved-model', directory: '/a/saved_model' }), [
      '/a/saved_model',
      '/a',
    ])
    t.strictSame(companionFolders({ kind: 'frozen-graph', file: '/a/x.pb' }), ['/a'])
    t.strictSame(companionFolders({ kind: 'checkpoint', prefix: '/a/model.ckpt' }), ['/a'])
  })
})
