import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { bufferSource } from '../../../src/export/byte-source.js'
import { OutputFile, writeOutput } from '../../../src/export/output-file.js'
import { writeSavedModel } from '../../../src/export/saved-model-writer.js'
import { SavedModel, SignatureDef } from '../../../src/export/stubs.js'
import { detectorNodes, graphBytes } from './fixtures.js'

t.test('a graph is wrapped with signatures in the order of their names', async (t) => {
  const path = join(t.testdir(), '1', 'saved_model.pb')
  const graph = graphBytes(detectorNodes())
  const steps: unknown[] = []
  const signature = new SignatureDef()
  signature.setMethodName('m')
  const bytes = await writeSavedModel(path, {
    graph: [
      graph.subarray(0, 10),
      { source: bufferSource('g', graph), start: 10, end: graph.length },
    ],
    signatures: new Map([
      ['b', signature],
      ['a', signature],
    ]),
    onProgress: (...step) => steps.push(step),
  })
  const file = readFileSync(path)
  t.equal(bytes, file.length)
  const model = SavedModel.deserializeBinary(file)
  const [metaGraph] = model.getMetaGraphsList()
  t.equal(model.getSavedModelSchemaVersion(), 1)
  t.strictSame(metaGraph?.getMetaInfoDef()?.getTagsList(), ['serve'])
  t.strictSame([...metaGraph!.getSignatureDefMap().keys()], ['a', 'b'])
  t.equal(metaGraph?.getGraphDef()?.getNodeList().length, detectorNodes().length)
  t.strictSame(steps.at(-1), ['write', bytes, bytes])
})

t.test('nothing over 2 GiB is begun', async (t) => {
  const path = join(t.testdir(), 'saved_model.pb')
  const source = { ...bufferSource('g', new Uint8Array()), size: 3e9 }
  const graph = [{ source, start: 0, end: 2 ** 31 }]
  await t.rejects(writeSavedModel(path, { graph, signatures: new Map() }), /--variables/)
  t.notOk(existsSync(path))
})

t.test('a full disk is said in words', async (t) => {
  // Only Linux has a device that is always full.
  if (!existsSync('/dev/full')) return
  await t.rejects(
    writeOutput('/dev/full', (file) => file.write(Buffer.alloc(10))),
    /\/dev\/full: cannot write it: no space is left on the device; free some/,
  )
})

t.test('what cannot be created is said with the path', async (t) => {
  const directory = t.testdir({ file: '' })
  await t.rejects(OutputFile.create(join(directory, 'file', 'x')), /file.x: cannot create it/)
  await t.rejects(OutputFile.create(directory), /it is a directory/)
})
