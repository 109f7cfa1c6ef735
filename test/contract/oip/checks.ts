import sharp from 'sharp'
import { draw, type Rectangle, SCENES, type Scene } from './pictures.js'
import type { Report } from './report.js'

/** Servers load for some seconds; Triton takes one for each Python model. */
const START_MS = 90_000
/** Fractions of float32 and answers of six decimals, in pixels. */
const TOLERANCE = 0.01

interface Found {
  readonly label: string
  readonly score: number
  readonly box: { x_min: number; y_min: number; x_max: number; y_max: number }
}

interface Answer {
  readonly status: number
  readonly body: {
    readonly code?: string
    readonly detail?: string
    readonly model?: { readonly version: string }
    readonly detections?: readonly Found[]
    readonly results?: readonly { readonly detections?: readonly Found[] }[]
  }
}

async function post(url: string, path: string, images: readonly Buffer[]): Promise<Answer> {
  const form = new FormData()
  for (const image of images) form.append('image', new Blob([new Uint8Array(image)]), 'image.png')
  const response = await fetch(`${url}${path}`, { method: 'POST', body: form })
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}

/** What differs between what was drawn and what was found; empty when nothing does. */
function difference(drawn: readonly Rectangle[], found: readonly Found[] | undefined): string {
  if (found === undefined) return 'no detections'
  const labels = [...found].map(({ label }) => label).sort()
  const expected = drawn.map(({ label }) => label).sort()
  if (labels.join() !== expected.join()) return `found ${labels}, drawn ${expected}`
  return drawn
    .filter(({ label, box }) => {
      const { score, box: it } = found.find((each) => each.label === label)!
      const sides = [it.x_min, it.y_min, it.x_max, it.y_max]
      return score !== 1 || sides.some((side, at) => Math.abs(side - box[at]!) > TOLERANCE)
    })
    .map(({ label, box }) => `${label} drawn at ${box}, found ${JSON.stringify(found)}`)
    .join('; ')
}

async function untilServed(url: string, model: string): Promise<string> {
  const end = Date.now() + START_MS
  for (;;) {
    const { state, reason } = (await (await fetch(`${url}/v1/models/${model}`)).json()) as {
      state: string
      reason: string | null
    }
    if (state === 'AVAILABLE' && reason === null) return state
    if (Date.now() > end) return `${state}: ${reason}`
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Models that find rectangles, of each server, and what version they say. */
const MODELS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  triton: { triton_pixels: '3', triton_half: '1', triton_encoded: '1', triton_four: '1' },
  mlserver: { mlserver_pixels: 'v2', mlserver_encoded: '', mlserver_silent: '' },
  kserve: { kserve_pixels: '', kserve_raw: '', kserve_silent: '', kserve_encoded: '' },
}

/** Every model of a server finds what was drawn: alone, drawn on, and in a batch of several sizes. */
export async function checkModels(report: Report, url: string, server: string): Promise<void> {
  const pictures = await Promise.all(SCENES.map(draw))
  for (const [model, version] of Object.entries(MODELS[server] ?? {})) {
    const state = await untilServed(url, model)
    report.check(`${model} is served`, state === 'AVAILABLE', state)
    const one = await post(url, `/v1/detect?model=${model}`, [pictures[0]!])
    const wrong = difference(SCENES[0].rectangles, one.body.detections)
    report.check(`${model} finds what was drawn`, wrong === '', wrong || one.body.detail)
    report.check(`${model} says its version`, one.body.model?.version === version, one.body.model)
    const batch = await post(url, `/v1/detect/batch?model=${model}`, pictures)
    const wrongs = SCENES.map(({ rectangles }, at) =>
      difference(rectangles, batch.body.results?.[at]?.detections),
    ).filter((it) => it !== '')
    report.check(`${model} finds it in a batch of ${SCENES.length}`, wrongs.length === 0, wrongs)
  }
  const [model] = Object.keys(MODELS[server] ?? {})
  await checkPicture(report, url, model!, pictures[0]!)
}

/** The picture that comes back has its size, and is drawn on along a box and nowhere far from any. */
async function checkPicture(report: Report, url: string, model: string, picture: Buffer) {
  const form = new FormData()
  form.append('image', new Blob([new Uint8Array(picture)]), 'image.png')
  const path = `/v1/detect?model=${model}&format=png`
  const response = await fetch(`${url}${path}`, { method: 'POST', body: form })
  const drawn = sharp(Buffer.from(await response.arrayBuffer()))
  const { width, height, format } = await drawn.metadata()
  const pixels = await drawn.removeAlpha().raw().toBuffer()
  const at = (x: number, y: number) => [
    ...pixels.subarray((y * 320 + x) * 3, (y * 320 + x) * 3 + 3),
  ]
  const sized = format === 'png' && width === 320 && height === 240
  const edge = at(200, 160).join() !== '0,0,255'
  const inside = at(240, 160).join() === '0,0,255'
  const outside = at(160, 230).join() === '128,128,128'
  report.check(`${model} draws`, sized && edge && inside && outside, { format, width, height })
}

/** What each server answers to what it cannot do; the words are the gateway's own. */
const ERRORS: Readonly<Record<string, readonly [query: string, code: string, detail: RegExp][]>> = {
  triton: [
    ['model=triton_nope', 'model_not_found', /no model "triton_nope"/],
    ['model=triton_broken', 'model_not_ready', /Version 1 .*failed to load/],
    ['model=triton_raising', 'upstream_rejected', /failed to run the model \(INTERNAL\)/],
    ['model=triton_pixels&version=7', 'version_not_found', /no version 7 .*3, 1 can be/],
    ['model=triton_pixels&version=abc', 'version_not_found', /no version abc .*3, 1 can be/],
    ['model=triton_pixels&version_label=a', 'version_not_found', /no labels/],
  ],
  mlserver: [
    ['model=mlserver_nope', 'model_not_found', /no model "mlserver_nope"/],
    ['model=mlserver_broken', 'model_not_ready', /mlserver_broken/],
    ['model=mlserver_raising', 'upstream_rejected', /failed to run the model \(INTERNAL\)/],
    ['model=mlserver_pixels&version=7', 'version_not_found', /no version 7 .*v2 can be/],
    ['model=mlserver_pixels&version=abc', 'version_not_found', /no version abc .*v2 can be/],
    ['model=mlserver_pixels&version_label=a', 'version_not_found', /no labels/],
  ],
  kserve: [
    ['model=kserve_nope', 'model_not_found', /no model "kserve_nope"/],
    ['model=kserve_raising', 'upstream_rejected', /failed to run the model \(INTERNAL\)/],
    ['model=kserve_pixels&version=7', 'version_not_found', /knows no versions/],
    ['model=kserve_pixels&version=abc', 'version_not_found', /knows no versions/],
    ['model=kserve_pixels&version_label=a', 'version_not_found', /no labels/],
  ],
}
const STATUSES: Readonly<Record<string, number>> = {
  model_not_found: 404,
  version_not_found: 404,
  model_not_ready: 503,
  upstream_rejected: 502,
}

/** Failures have the gateway's names and words, whatever the server says; a version that is there answers. */
export async function checkErrors(report: Report, url: string, server: string): Promise<void> {
  const picture = await draw(SCENES[0])
  for (const [query, code, detail] of ERRORS[server] ?? []) {
    const { status, body } = await post(url, `/v1/detect?${query}`, [picture])
    const named = status === STATUSES[code] && body.code === code && detail.test(body.detail ?? '')
    const silent = !/boom|Traceback|\.py/.test(JSON.stringify(body))
    report.check(`${query} is ${code}`, named && silent, { status, ...body })
  }
  const version = { triton: '1', mlserver: 'v2' }[server]
  if (version === undefined) return
  const path = `/v1/detect?model=${server}_pixels&version=${version}`
  const { body } = await post(url, path, [picture])
  report.check(`${server}_pixels ${version}`, body.model?.version === version, body.model)
}

/**
 * One of two servers of a model ends while requests go on: none of them fails. Triton says of models that it has given up what
 * it says of unknown ones, until it closes its port.
 */
export async function checkRoll(
  report: Report,
  url: string,
  model: string,
  end: () => Promise<unknown>,
): Promise<void> {
  const picture = await draw(SCENES[0])
  await untilServed(url, model)
  let ended = false
  let answered = 0
  const failures: unknown[] = []
  const client = async () => {
    while (!ended) {
      const { status, body } = await post(url, `/v1/detect?model=${model}`, [picture])
      answered += 1
      if (status !== 200 || difference(SCENES[0].rectangles, body.detections) !== '') {
        failures.push({ status, detail: body.detail })
      }
    }
  }
  const clients = [client(), client(), client(), client()]
  await new Promise((resolve) => setTimeout(resolve, 500))
  const before = answered
  await end()
  ended = true
  await Promise.all(clients)
  const found = `${failures.length} of ${answered} failed ${JSON.stringify(failures.slice(0, 3))}`
  report.check(`${model} stays`, failures.length === 0 && answered - before > 20, found)
}

/** Large pictures: those that the card sends whole are refused by servers with a limit, others are made smaller. */
export async function checkSizes(
  report: Report,
  url: string,
  servers: readonly string[],
): Promise<void> {
  const scene: Scene = {
    width: 2400,
    height: 1600,
    rectangles: [{ label: 'green', box: [600, 400, 1200, 800] }],
  }
  const picture = await draw(scene)
  const limits: Readonly<Record<string, string>> = {
    mlserver_silent: '4194304 bytes.*grpc_max_message_length',
    kserve_pixels: '8388608 bytes.*--grpc_max_receive_message_length',
  }
  for (const [model, words] of Object.entries(limits)) {
    if (!servers.includes(model.replace(/_.*/, ''))) continue
    const { status, body } = await post(url, `/v1/detect?model=${model}`, [picture])
    const refused = status === 502 && new RegExp(words).test(body.detail ?? '')
    report.check(`${model} refuses 11 MB`, refused, body)
  }
  for (const model of ['triton_pixels', 'mlserver_pixels', 'kserve_raw']) {
    if (!servers.includes(model.replace(/_.*/, ''))) continue
    const { body } = await post(url, `/v1/detect?model=${model}`, [picture])
    const { x_min = 0, y_max = 0 } = body.detections?.[0]?.box ?? {}
    const near = Math.abs(x_min - 600) < 4 && Math.abs(y_max - 800) < 4
    report.check(`${model} takes it smaller`, near, body.detections ?? body)
  }
}
