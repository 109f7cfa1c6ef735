import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  type CardFacts,
  draftCard,
  writeCard,
} from '../../../../src/export/repository/card-writer.js'
import { loadCard } from '../../../../src/repository/load-card.js'
import { Snapshot } from '../../../../src/repository/snapshot.js'

const LABELS = new Map([
  [1, 'person'],
  [18, 'dog'],
])
const FACTS: CardFacts = {
  labels: LABELS,
  input: { size: [300, 400], fit: 'stretch' },
  defaults: { max_detections: 300 },
}

async function write(t: Test, facts: CardFacts, before?: object | string) {
  const folder = t.testdir()
  const path = join(folder, 'model.json')
  if (before !== undefined) {
    writeFileSync(path, typeof before === 'string' ? before : JSON.stringify(before))
  }
  const draft = await draftCard(folder, facts)
  await writeCard(folder, draft)
  const text = readFileSync(path, 'utf8')
  const { card } = await loadCard(new Snapshot(folder), path)
  return { draft, text, card, json: JSON.parse(text) }
}

t.test('draftCard()', async (t) => {
  t.test('makes a card that the gateway reads', async (t) => {
    const { draft, card, text } = await write(t, FACTS)
    t.match(draft, { created: true, changed: true, hasLabels: true, kept: [] })
    t.strictSame(card.labels, LABELS)
    t.match(card, { input: { size: [300, 400], fit: 'stretch' }, defaults: { maxDetections: 300 } })
    t.match(text, /"card_version": 1,\n {2}"task": "object-detection"/)
    t.match(text, '"size": [300, 400]')
  })

  t.test('makes one of nothing that is known', async (t) => {
    const { json } = await write(t, {})
    t.strictSame(json, { card_version: 1, task: 'object-detection' })
  })

  t.test('fills in what a card does not say, and leaves the rest', async (t) => {
    const mine = { $comment: 'mine', labels: { 1: 'Mensch' }, mystery: true }
    const { draft, json } = await write(t, FACTS, mine)
    t.strictSame(draft.written, ['defaults', 'input'])
    t.match(json, { ...mine, input: { size: [300, 400] }, defaults: { max_detections: 300 } })
    t.equal(draft.created, false)
  })

  t.test('keeps what a card says otherwise, and tells', async (t) => {
    const before =
      '{"input": {"max_side": 800}, "labels": {"1": "x"},\n "defaults": {"max_detections": 300}}'
    const { draft, text } = await write(t, FACTS, before)
    t.strictSame(draft.kept, [
      { field: 'input', card: '{"max_side":800}', model: '{"size":[300,400],"fit":"stretch"}' },
    ])
    t.equal(draft.changed, false)
    t.equal(text, before, 'to the byte')
  })

  t.test('takes labels that were asked for by name in place of its own', async (t) => {
    const before = { labels: { 1: 'old' } }
    const { draft, card } = await write(t, { ...FACTS, replaceLabels: true }, before)
    t.ok(draft.written.includes('labels'))
    t.strictSame(card.labels, LABELS)
  })

  t.test('puts a long list of labels into a file of its own', async (t) => {
    const labels = new Map(Array.from({ length: 1203 }, (_, i) => [i + 1, `class ${i + 1}`]))
    const { json, card } = await write(t, { labels })
    t.equal(json.labels, 'labels.json')
    t.strictSame(card.labels, labels)
  })

  const broken: { name: string; text: string; message: RegExp }[] = [
    { name: 'no JSON', text: '{\n  "labels": }', message: /model\.json:2/ },
    {
      name: 'a wrong field',
      text: '{"input": {"fit": "zoom"}}',
      message: /model\.json: input\.fit/,
    },
  ]
  for (const { name, text, message } of broken) {
    t.test(`refuses to build on a card with ${name}`, async (t) => {
      await t.rejects(write(t, FACTS, text), { name: 'RepositoryFileError', message })
    })
  }
})
