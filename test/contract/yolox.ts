/**
 * Puts the built gateway in front of MLServer with a real YOLOX, and compares what it finds with the letters that were drawn
 * into photos: [b,3,h,w] in BGR, the picture at the top left of a grey border, boxes that are decoded by their cells and
 * suppressed by the gateway.
 *
 * Usage: yolox.ts DIRECTORY VENV NETWORK     NETWORK: the ONNX file below the site packages of VENV
 *
 * Prints a line for each check, then `N passed, M failed`; the exit status is 1 when anything failed.
 */
import { spawnSync } from 'node:child_process'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { endAll, start, startGateway } from './oip/processes.js'
import { Report } from './oip/report.js'

/** Letters and where their top left corner is. */
type Letters = Readonly<Record<string, readonly [x: number, y: number]>>
type Box = readonly [xMin: number, yMin: number, xMax: number, yMax: number]

const [directory, venv, network] = process.argv.slice(2)
if (directory === undefined || venv === undefined || network === undefined) {
  throw new Error('usage: yolox.ts DIRECTORY VENV NETWORK')
}
const here = fileURLToPath(new URL('.', import.meta.url))
const report = new Report()

/** The network learned from pictures of words, and frames letters with some room around them. */
const LEAST_OVERLAP = 0.6
const START_MS = 60_000
const SIDE = 416
/** Of the pictures and of the edge around letters, in pixels: as it has learned letters. */
const WIDTH = 450
const EDGE = 2

const CARD = {
  labels: { 0: 'character' },
  input: {
    size: [SIDE, SIDE],
    fit: 'pad',
    fill: 114,
    align: 'top-left',
    kernel: 'linear',
    channels: 'bgr',
  },
  columns: ['box', 'objectness', 'scores'],
  boxes: { strides: [8, 16, 32] },
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((it) => new Promise((done) => it.once('listening', done))))
  const ports = servers.map((it) => (it.address() as { port: number }).port)
  await Promise.all(servers.map((it) => new Promise((done) => it.close(done))))
  return ports
}

/** Starts MLServer with the network; gives its gRPC target. */
async function startServer(): Promise<string> {
  const python = resolve(venv!, 'bin/python')
  const { stdout } = spawnSync(
    python,
    ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'],
    { encoding: 'utf8' },
  )
  const root = join(directory!, 'mlserver')
  await mkdir(join(root, 'yolox'), { recursive: true })
  await copyFile(join(here, 'yolox/onnx_runtime.py'), join(root, 'onnx_runtime.py'))
  const [http_port, grpc_port, metrics_port] = await freePorts(3)
  const ports = { host: '127.0.0.1', http_port, grpc_port, metrics_port }
  // Models stay in the server's own process: workers of 1.7.1 die at once with today's uvloop.
  const settings = { ...ports, parallel_workers: 0, debug: false }
  await writeFile(join(root, 'settings.json'), JSON.stringify(settings))
  const model = {
    name: 'yolox',
    implementation: 'onnx_runtime.Network',
    parameters: { uri: join(stdout.trim(), network!) },
    inputs: [{ name: 'images', datatype: 'FP32', shape: [1, 3, SIDE, SIDE] }],
    outputs: [{ name: 'output', datatype: 'FP32', shape: [1, 3549, 6] }],
  }
  await writeFile(join(root, 'yolox/model-settings.json'), JSON.stringify(model))
  const command = [resolve(venv!, 'bin/mlserver'), 'start', '.']
  start(command, join(directory!, 'mlserver.log'), { cwd: root, env: { PYTHONPATH: '.' } })
  return `127.0.0.1:${grpc_port}`
}

/** A letter as a PNG, no larger than it is. */
function drawLetter(letter: string, colour: string) {
  const fontfile = join(here, '../../assets/fonts/NotoSans-SemiBold.ttf')
  const text = `<span foreground="${colour}">${letter}</span>`
  const options = { text, font: 'Noto Sans SemiBold', fontfile, dpi: 480, rgba: true }
  return sharp({ text: options }).trim().png().toBuffer({ resolveWithObject: true })
}

/** Draws white letters on a black edge into a photo; gives the picture and where each letter is. */
async function drawLetters(photo: string, letters: Letters) {
  const boxes: Box[] = []
  const layers: { input: Buffer; left: number; top: number }[] = []
  for (const [letter, [left, top]] of Object.entries(letters)) {
    const black = await drawLetter(letter, 'black')
    for (const x of [-EDGE, 0, EDGE]) {
      for (const y of [-EDGE, 0, EDGE]) {
        layers.push({ input: black.data, left: left + x, top: top + y })
      }
    }
    layers.push({ input: (await drawLetter(letter, 'white')).data, left, top })
    const { width, height } = black.info
    boxes.push([left - EDGE, top - EDGE, left + width + EDGE, top + height + EDGE])
  }
  const path = join(here, '../fixtures', photo)
  const picture = await sharp(path).resize(WIDTH).composite(layers).jpeg({ quality: 95 }).toBuffer()
  return { picture, boxes }
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0])
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1])
  const common = Math.max(0, width) * Math.max(0, height)
  const area = (box: Box) => (box[2] - box[0]) * (box[3] - box[1])
  return common / (area(a) + area(b) - common)
}

interface Found {
  readonly label: string
  readonly score: number
  readonly box: { x_min: number; y_min: number; x_max: number; y_max: number }
}

async function detect(url: string, picture: Buffer, query = ''): Promise<Found[]> {
  const response = await fetch(`${url}/v1/detect?model=yolox${query}`, {
    method: 'POST',
    body: new Uint8Array(picture),
    headers: { 'content-type': 'application/octet-stream' },
  })
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return JSON.parse(text).detections
}

async function checkPhoto(url: string, name: string, letters: Letters) {
  const { picture, boxes } = await drawLetters(name, letters)
  const found = await detect(url, picture)
  report.check(
    `${name}: each letter once, nothing else`,
    found.length === boxes.length,
    found.length,
  )
  for (const [at, letter] of Object.keys(letters).entries()) {
    const overlaps = found.map(({ box }) =>
      overlap([box.x_min, box.y_min, box.x_max, box.y_max], boxes[at]!),
    )
    const best = Math.max(0, ...overlaps)
    const text = `${best.toFixed(2)} of at least ${LEAST_OVERLAP}`
    report.check(`${name}: overlap with ${letter}`, best >= LEAST_OVERLAP, text)
  }
  const many = await detect(url, picture, '&iou_threshold=1')
  report.check(
    `${name}: many boxes before suppression`,
    many.length > 2 * boxes.length,
    many.length,
  )
}

async function main(): Promise<void> {
  const target = await startServer()
  const repository = join(directory!, 'models')
  await mkdir(join(repository, 'yolox'), { recursive: true })
  await writeFile(join(repository, 'yolox/model.json'), JSON.stringify(CARD))
  const env = { OIP_TARGET: target, DEFAULT_MODEL: 'yolox', MODEL_REPOSITORY: repository }
  const url = await startGateway(env, join(directory!, 'gateway.log'))
  for (const end = Date.now() + START_MS; ; ) {
    if ((await fetch(`${url}/readyz`)).ok) break
    if (Date.now() > end) throw new Error(`the network is not ready after ${START_MS} ms`)
    await new Promise((done) => setTimeout(done, 200))
  }
  await checkPhoto(url, 'chelsea.jpg', { W: [20, 80], R: [190, 190], K: [340, 60] })
  await checkPhoto(url, 'coffee.jpg', { A: [40, 40], W: [180, 200], R: [330, 30], K: [350, 210] })
}

try {
  await main()
} catch (error) {
  report.check('no failure on the way', false, String(error))
} finally {
  endAll()
}
process.stdout.write(`${report.passed} passed, ${report.failed} failed\n`)
process.exitCode = report.failed > 0 ? 1 : 0
