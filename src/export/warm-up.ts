import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hasCode } from '../repository/snapshot.js'
import { dataTypeName } from './data-types.js'
import { ExportError, fileError } from './export-error.js'
import { replaceFile } from './repository/atomic-file.js'
import {
  type ClassificationRequest,
  ClassifyLog,
  ModelSpec,
  PredictionLog,
  PredictLog,
  PredictRequest,
  type RegressionRequest,
  RegressLog,
  type TensorProto,
} from './stubs.js'
import { readTfRecords, toTfRecord } from './tf-record.js'
import { contentProblem, toTensorProto, type WarmUpTensor } from './warm-up-tensor.js'
import type { SignatureSummary, TensorSummary } from './written-version.js'

/** A request of Predict, which is the method of most models. */
export interface PredictWarmUp {
  readonly method: 'predict'
  readonly model: string
  readonly signature: string
  readonly inputs: Readonly<Record<string, WarmUpTensor>>
  /** The outputs that are read, by their wire names; the others are not computed. */
  readonly outputs: readonly string[]
}

/** A request of a method that takes `tf.Example`s. */
export type ExampleWarmUp =
  | { readonly method: 'classify'; readonly request: ClassificationRequest }
  | { readonly method: 'regress'; readonly request: RegressionRequest }

/** A request that TF-Serving sends to a version by itself, before the version counts as available. */
export type WarmUpRequest = PredictWarmUp | ExampleWarmUp

/** What TF-Serving reads from a version when it loads it (saved_model_warmup_util.cc). */
const WARM_UP_FILE = join('assets.extra', 'tf_serving_warmup_requests')

/** The most records that TF-Serving takes; with one more it refuses the version. */
export const MAX_WARM_UP_RECORDS = 1000

/** Tells where a version keeps its warm-up requests. */
export function warmUpPath(versionDirectory: string): string {
  return join(versionDirectory, WARM_UP_FILE)
}

/** What a warm-up file holds. */
export interface WarmUpFile {
  readonly path: string
  readonly records: number
  readonly bytes: number
}

/**
 * Writes the warm-up requests of a version, in place of those that are there. Because one that fails keeps the whole
 * version from loading, each is checked against the signatures first: throws `ExportError` for one that does not fit.
 */
export async function writeWarmUp(
  versionDirectory: string,
  requests: readonly WarmUpRequest[],
  signatures: readonly SignatureSummary[],
): Promise<WarmUpFile> {
  const path = warmUpPath(versionDirectory)
  const file = Buffer.concat(requests.map((request) => toTfRecord(toRecord(request))))
  const records = checkRecords(file, path, signatures)
  if (records === 0) throw new ExportError(`${path}: a warm-up needs at least one request`)
  try {
    await mkdir(dirname(path), { recursive: true })
  } catch (cause) {
    throw fileError('create the directory of it', path, cause)
  }
  await replaceFile(path, file)
  return { path, records, bytes: file.length }
}

/**
 * Checks the warm-up requests that came with a version; `undefined` when there are none. Throws `ExportError` when
 * TF-Serving would refuse the version for them.
 */
export async function checkWarmUp(
  versionDirectory: string,
  signatures: readonly SignatureSummary[],
): Promise<WarmUpFile | undefined> {
  const path = warmUpPath(versionDirectory)
  let file: Buffer
  try {
    file = await readFile(path)
  } catch (cause) {
    if (hasCode(cause, 'ENOENT', 'ENOTDIR')) return undefined
    throw fileError('read it', path, cause)
  }
  return { path, records: checkRecords(file, path, signatures), bytes: file.length }
}

function toRecord(warmUp: WarmUpRequest): Uint8Array {
  const log = new PredictionLog()
  switch (warmUp.method) {
    case 'predict': {
      const predict = new PredictLog()
      predict.setRequest(toPredictRequest(warmUp))
      log.setPredictLog(predict)
      break
    }
    case 'classify': {
      const classify = new ClassifyLog()
      classify.setRequest(warmUp.request)
      log.setClassifyLog(classify)
      break
    }
    case 'regress': {
      const regress = new RegressLog()
      regress.setRequest(warmUp.request)
      log.setRegressLog(regress)
    }
  }
  return log.serializeBinary()
}

function toPredictRequest({ model, signature, inputs, outputs }: PredictWarmUp): PredictRequest {
  const spec = new ModelSpec()
  spec.setName(model)
  spec.setSignatureName(signature)
  const request = new PredictRequest()
  request.setModelSpec(spec)
  for (const [name, tensor] of Object.entries(inputs)) {
    request.getInputsMap().set(name, toTensorProto(tensor))
  }
  request.setOutputFilterList([...outputs])
  return request
}

function checkRecords(file: Buffer, path: string, signatures: readonly SignatureSummary[]): number {
  let records = 0
  for (const record of readTfRecords(file, path)) {
    records += 1
    if (records > MAX_WARM_UP_RECORDS) {
      throw new ExportError(
        `${path}: has more than ${MAX_WARM_UP_RECORDS} requests, which TF-Serving refuses`,
      )
    }
    const problem = recordProblem(record, signatures)
    if (problem !== undefined) {
      throw new ExportError(
        `${path}: request ${records} would keep the version from loading: ${problem}`,
      )
    }
  }
  return records
}

/** Requests of other methods than Predict are not judged here. */
function recordProblem(
  record: Uint8Array,
  signatures: readonly SignatureSummary[],
): string | undefined {
  let request: PredictRequest | undefined
  try {
    request = PredictionLog.deserializeBinary(record).getPredictLog()?.getRequest()
  } catch {
    return 'it is no PredictionLog'
  }
  if (request === undefined) return undefined
  const name = request.getModelSpec()?.getSignatureName() || 'serving_default'
  const signature = signatures.find((it) => it.name === name)
  if (signature === undefined) return `the model has no signature ${name}`
  const inputs = new Map(request.getInputsMap().entries() as Iterable<[string, TensorProto]>)
  const wrong = signature.inputs.find((input) => !inputs.has(input.name))
  if (wrong !== undefined || inputs.size !== signature.inputs.length) {
    return `its inputs are ${[...inputs.keys()]}, the signature ${name} takes ${signature.inputs.map((it) => it.name)}`
  }
  const unknown = request
    .getOutputFilterList()
    .find((output) => !signature.outputs.some((it) => it.name === output))
  if (unknown !== undefined) return `the signature ${name} has no output ${unknown}`
  return signature.inputs
    .map((input) => tensorProblem(inputs.get(input.name)!, input))
    .find((problem) => problem !== undefined)
}

function tensorProblem(
  proto: TensorProto,
  { name, dtype, shape }: TensorSummary,
): string | undefined {
  const found = dataTypeName(proto.getDtype())
  if (found !== dtype) return `its input ${name} is ${found}, the signature says ${dtype}`
  const sizes = (proto.getTensorShape()?.getDimList() ?? []).map((dim) => dim.getSize())
  const fits =
    shape === null ||
    (shape.length === sizes.length && shape.every((size, i) => size < 0 || size === sizes[i]))
  if (!fits) return `its input ${name} has the shape [${sizes}], the signature says [${shape}]`
  const problem = contentProblem(proto)
  return problem === undefined ? undefined : `its input ${name} ${problem}`
}
