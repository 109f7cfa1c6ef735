import t from 'tap'
import { loadWeights } from '../../../src/embedded/weights.js'
import { sizesOf } from '../../../src/export/const-tensor.js'
import { DEMO_OUTPUTS, makeDemoGraph } from '../../../src/export/demo-graph.js'
import { inputNode } from '../../../src/export/graph.js'
import { DataTypeEnum, type NodeDef } from '../../../src/export/stubs.js'
import type { InputForm } from '../../../src/export/written-version.js'

const weights = await loadWeights()
const FORMS: readonly InputForm[] = ['pixels', 'encoded']

const byName = (nodes: readonly NodeDef[]) => new Map(nodes.map((node) => [node.getName(), node]))
const ofOp = (nodes: readonly NodeDef[], op: string) => nodes.filter((node) => node.getOp() === op)
const tensorOf = (node: NodeDef | undefined) => node?.getAttrMap().get('value')?.getTensor()

for (const form of FORMS) {
  t.test(`makeDemoGraph() makes a closed graph for ${form}`, async (t) => {
    const nodes = makeDemoGraph(weights, form)
    const names = byName(nodes)
    t.equal(names.size, nodes.length, 'every name is there once')
    const inputs = nodes.flatMap((node) => node.getInputList().map(inputNode))
    t.strictSame(
      inputs.filter((name) => !names.has(name)),
      [],
      'every input is a node',
    )
    const read = new Set(inputs)
    const unread = nodes.map((node) => node.getName()).filter((name) => !read.has(name))
    t.strictSame(unread.sort(), [...DEMO_OUTPUTS].sort(), 'only outputs are not read')
    t.equal(ofOp(nodes, 'Placeholder').length, 1, 'one input')
  })

  t.test(`makeDemoGraph() says what TensorFlow would guess wrong for ${form}`, async (t) => {
    const nodes = makeDemoGraph(weights, form)
    const norms = ofOp(nodes, 'FusedBatchNorm')
    t.equal(norms.length, 12)
    for (const norm of norms) {
      t.equal(norm.getAttrMap().get('is_training')?.getB(), false, norm.getName())
      t.equal(norm.getAttrMap().get('epsilon')?.getF(), Math.fround(0.001), norm.getName())
    }
    const [resize] = ofOp(nodes, 'ResizeBilinear')
    t.equal(resize?.getAttrMap().get('align_corners')?.getB(), false)
    t.notOk(resize?.getAttrMap().has('half_pixel_centers'), 'pixels lie as in TensorFlow 1')
    const empty = nodes.filter((node) =>
      [...node.getAttrMap().entries()].some(([, value]) => value.getValueCase() === 0),
    )
    t.strictSame(empty, [], 'every attribute has a value')
  })
}

t.test('makeDemoGraph() fills each constant with as many bytes as its shape needs', async (t) => {
  const constants = ofOp(makeDemoGraph(weights, 'pixels'), 'Const')
  const wrong = constants.filter((constant) => {
    const tensor = tensorOf(constant)!
    const elements = sizesOf(tensor.getTensorShape()!).reduce((a, b) => a * b, 1)
    return tensor.getTensorContent_asU8().length !== elements * 4
  })
  t.equal(constants.length, 264)
  t.strictSame(wrong, [])
})

t.test('makeDemoGraph() suppresses overlaps as the original pipeline does', async (t) => {
  const nodes = byName(makeDemoGraph(weights, 'pixels'))
  const nms = [...nodes.values()].find((node) => node.getOp() === 'CombinedNonMaxSuppression')
  const [boxes, scores, perClass, total, iou, score] = nms!.getInputList()
  const bytes = (name: string | undefined) =>
    Buffer.from(tensorOf(nodes.get(name!))!.getTensorContent_asU8())
  t.strictSame([boxes, scores], ['Postprocessor/ExpandDims_1', 'Postprocessor/Slice'])
  t.strictSame([bytes(perClass).readInt32LE(), bytes(total).readInt32LE()], [100, 100])
  t.equal(bytes(iou).readFloatLE(), Math.fround(0.6))
  t.equal(bytes(score).readFloatLE(), Math.fround(1e-8))
})

t.test('makeDemoGraph() counts classes from 1', async (t) => {
  const nodes = byName(makeDemoGraph(weights, 'pixels'))
  const classes = nodes.get('detection_classes')
  t.equal(classes?.getOp(), 'Add')
  const offset = tensorOf(nodes.get(classes!.getInputList()[1]!))
  t.equal(Buffer.from(offset!.getTensorContent_asU8()).readFloatLE(), 1)
})

t.test('makeDemoGraph() takes batches of pixels of any size', async (t) => {
  const nodes = byName(makeDemoGraph(weights, 'pixels'))
  const input = nodes.get('input_tensor')?.getAttrMap()
  t.equal(input?.get('dtype')?.getType(), DataTypeEnum.DT_UINT8)
  t.strictSame(sizesOf(input!.get('shape')!.getShape()!), [-1, -1, -1, 3])
  t.strictSame(nodes.get('Preprocessor/mul')?.getInputList(), [
    'Preprocessor/mul/x',
    'Preprocessor/ResizeBilinear',
  ])
  const loops = [...nodes.values()].filter((node) => /^(Enter|Exit|Merge)$/.test(node.getOp()))
  t.strictSame(loops, [], 'no loop is left')
})

t.test('makeDemoGraph() decodes and resizes inside one loop', async (t) => {
  const nodes = byName(makeDemoGraph(weights, 'encoded'))
  const input = nodes.get('encoded_image_string_tensor')?.getAttrMap()
  t.equal(input?.get('dtype')?.getType(), DataTypeEnum.DT_STRING)
  t.strictSame(sizesOf(input!.get('shape')!.getShape()!), [-1])
  const scope = 'Decoder/map/while'
  const frames = ofOp([...nodes.values()], 'Enter').map((node) =>
    Buffer.from(node.getAttrMap().get('frame_name')!.getS_asU8()).toString(),
  )
  t.strictSame([...new Set(frames)], [`${scope}/while_context`], 'one frame')
  for (const name of ['axis', 'size', 'step']) {
    const control = nodes.get(`${scope}/${name}`)?.getInputList()
    t.strictSame(control, [`^${scope}/index`], `the constant ${name} is in the frame`)
  }
  t.equal(nodes.get(`${scope}/DecodeImage`)?.getAttrMap().get('expand_animations')?.getB(), false)
  t.equal(nodes.get('Preprocessor/mul')?.getInputList()[1], 'Decoder/map/stack')
})

t.test('makeDemoGraph() refuses a network that lacks what it needs', async (t) => {
  const without = (name: string) => ({
    tensors: weights.tensors,
    nodes: weights.nodes.filter((node) => node.name !== name),
  })
  for (const name of ['Preprocessor/mul', 'Postprocessor/Slice']) {
    const message = `The network has no node ${name}`
    t.throws(() => makeDemoGraph(without(name), 'pixels'), { name: 'ExportError', message }, name)
  }
})
