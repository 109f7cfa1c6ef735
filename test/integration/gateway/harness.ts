import { readFile } from 'node:fs/promises'
import type { Test } from 'tap'
import { type Gateway, startGateway } from '../../../src/commands/serve.js'
import { loadConfig } from '../../../src/config.js'
import {
  type Intercept,
  type RunningModelServer,
  startModelServer,
} from '../../../src/embedded/model-server.js'
import {
  type Script,
  type ScriptedModel,
  scriptedModel,
} from '../../../src/embedded/scripted-model.js'
import type { ServedModel } from '../../../src/embedded/served-model.js'
import type { Tensors } from '../../../src/embedded/tensor.js'

/** One object that a scripted detector finds: ymin, xmin, ymax, xmax as fractions. */
export interface Found {
  readonly box: readonly [number, number, number, number]
  readonly classId: number
  readonly score: number
}

function float(shape: number[], values: number[]) {
  return { dtype: 'DT_FLOAT', shape, data: Float32Array.from(values) } as const
}

/** The outputs of a detector that finds the same in each of `batch` images. */
export function detections(found: readonly Found[], batch = 1): Tensors {
  const repeat = <T>(values: readonly T[]) => Array.from({ length: batch }, () => values).flat()
  const n = found.length
  return {
    detection_boxes: float([batch, n, 4], repeat(found.flatMap((it) => [...it.box]))),
    detection_scores: float([batch, n], repeat(found.map((it) => it.score))),
    detection_classes: float([batch, n], repeat(found.map((it) => it.classId))),
    num_detections: float([batch], repeat([n])),
  }
}

export const OUTPUTS: Script['outputs'] = {
  detection_boxes: { dtype: 'DT_FLOAT', shape: [-1, -1, 4] },
  detection_scores: { dtype: 'DT_FLOAT', shape: [-1, -1] },
  detection_classes: { dtype: 'DT_FLOAT', shape: [-1, -1] },
  num_detections: { dtype: 'DT_FLOAT', shape: [-1] },
}

/** A dog, and a person the model is less sure of. */
export const DOG: Found = { box: [0.1, 0.2, 0.5, 0.6], classId: 18, score: 0.9 }
export const PERSON: Found = { box: [0, 0, 1, 1], classId: 1, score: 0.6 }

/** A detector by the demo's name, and so with COCO's labels, that always finds the same. */
export function detector(change: Partial<Script> = {}): ScriptedModel {
  return scriptedModel({
    name: 'ssdlite_mobilenet_v2_coco',
    inputs: { input_tensor: { dtype: 'DT_UINT8', shape: [-1, -1, -1, 3] } },
    outputs: OUTPUTS,
    predict: ({ inputs }) => detections([DOG, PERSON], Object.values(inputs)[0]!.shape[0] ?? 1),
    ...change,
  })
}

export interface Setup {
  readonly models?: readonly ServedModel[]
  readonly intercept?: Intercept
  readonly tensorContent?: boolean
  /** Settings beside those of every test. */
  readonly env?: NodeJS.ProcessEnv
  /** Files of the model repository by path. */
  readonly repository?: Record<string, string>
}

export interface Running {
  readonly gateway: Gateway
  readonly url: string
  readonly server: RunningModelServer
}

/** Starts a gateway on a free port in front of a scripted model server; both end with the test. */
export async function start(t: Test, setup: Setup = {}): Promise<Running> {
  const { models = [detector()], intercept, tensorContent, env = {}, repository = {} } = setup
  const server = await startModelServer({
    models,
    ...(intercept && { intercept }),
    ...(tensorContent && { tensorContent }),
  })
  t.teardown(() => server.close())
  const running = await startOn(t, { TF_SERVING_TARGET: server.target, ...env }, repository)
  return { ...running, server }
}

/** Starts a gateway with these settings; without a target it runs the real demo model. */
export async function startOn(
  t: Test,
  env: NodeJS.ProcessEnv,
  repository: Record<string, string> = {},
): Promise<Omit<Running, 'server'>> {
  const directory = t.testdir(nest(repository))
  const config = loadConfig({ PORT: '0', LOG_LEVEL: 'silent', MODEL_REPOSITORY: directory, ...env })
  const gateway = await startGateway(config)
  t.teardown(() => gateway.close())
  return { gateway, url: gateway.url }
}

function nest(files: Record<string, string>) {
  const root: Record<string, Record<string, string> | string> = {}
  for (const [path, text] of Object.entries(files)) {
    const [folder, name] = path.split('/') as [string, string | undefined]
    if (name === undefined) root[folder] = text
    else root[folder] = { ...(root[folder] as Record<string, string>), [name]: text }
  }
  return root
}

/** Waits until the gateway says that it is ready. */
export async function ready(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/readyz`)
    await response.arrayBuffer()
    if (response.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Reads a gauge of the gateway, by its name without the prefix. */
export async function gauge(url: string, name: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^detection_gateway_${name} (\\S+)$`, 'm').exec(metrics)?.[1])
}

/** Waits until a gauge of the gateway has a value. */
export async function untilGauge(url: string, name: string, value: number): Promise<void> {
  while ((await gauge(url, name)) !== value) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Reads one of the photos that come with the tests. */
export function photo(name: 'astronaut' | 'chelsea' | 'coffee'): Promise<Buffer<ArrayBuffer>> {
  const file = new URL(`../../fixtures/${name}.jpg`, import.meta.url)
  return readFile(file) as Promise<Buffer<ArrayBuffer>>
}

/** A form with file parts named `image` and text fields. */
export function form(
  images: readonly (Uint8Array | Buffer)[],
  fields: Record<string, string> = {},
): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) data.append(name, value)
  images.forEach((bytes, i) => {
    data.append('image', new Blob([new Uint8Array(bytes)]), `photo-${i}.jpg`)
  })
  return data
}

/** Posts a body and reads the answer as JSON. */
export async function post(url: string, body: BodyInit, headers: Record<string, string> = {}) {
  const response = await fetch(url, { method: 'POST', body, headers })
  return { status: response.status, headers: response.headers, body: await response.json() }
}
