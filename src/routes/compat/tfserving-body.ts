import { GatewayError } from '../../errors.js'
import { isObject, readImage } from '../body/json-body.js'
import { batchTooLarge, batchTooLong, missingImage } from '../body/problems.js'
import type { BodyLimits, Upload } from '../body/upload.js'

/** A prediction request of TensorFlow Serving's REST API. */
export interface PredictBody {
  readonly uploads: readonly Upload[]
  /** Whether `instances` was sent, which is answered in rows, and not `inputs`, which is answered in columns. */
  readonly rows: boolean
  readonly signature: string | undefined
}

function invalid(field: string, message: string): GatewayError {
  return new GatewayError('invalid_parameter', `"${field}" ${message}`, {
    fields: [{ field, message }],
  })
}

function isImage(value: unknown): value is { readonly b64: unknown } {
  return isObject(value) && Object.hasOwn(value, 'b64')
}

/** Takes the image out of `{"b64"}` or `{"<input>": {"b64"}}`: a detector has one input, whatever its name. */
function unwrap(value: unknown, field: string): unknown {
  if (isImage(value)) return value
  const inputs = isObject(value) ? Object.entries(value) : []
  const [input] = inputs
  if (input === undefined || inputs.length !== 1 || !isImage(input[1])) {
    throw invalid(field, 'must be an image, {"b64": "..."}; tensors of numbers are not taken')
  }
  return input[1]
}

/** Lists the images of the column format: one or many, alone or under the name of the input. */
function columns(inputs: unknown): unknown[] {
  const named = isObject(inputs) && !isImage(inputs) ? Object.values(inputs) : [inputs]
  if (named.length !== 1) throw invalid('inputs', 'must hold one input')
  return [named[0]].flat()
}

/** Reads a prediction request. Throws `invalid_parameter`, and what is wrong with the images. */
export function readPredictBody(
  body: Readonly<Record<string, unknown>>,
  limits: BodyLimits,
): PredictBody {
  const { instances, inputs, signature_name: signature } = body
  const rows = instances !== undefined
  if (rows === (inputs !== undefined)) {
    throw invalid('instances', 'or "inputs" must be given, and not both')
  }
  if (rows && !Array.isArray(instances)) throw invalid('instances', 'must be a list')
  if (signature !== undefined && typeof signature !== 'string') {
    throw invalid('signature_name', 'must be text')
  }
  const values: readonly unknown[] = rows ? (instances as unknown[]) : columns(inputs)
  const name = rows ? 'instances' : 'inputs'
  if (values.length === 0) throw missingImage(`"${name}" is empty`)
  if (values.length > limits.maxBatchImages) throw batchTooLong(limits)
  const uploads = values.map((value, index) => {
    const field = `${name}[${index}]`
    return readImage(unwrap(value, field), field, limits)
  })
  const total = uploads.reduce((sum, { bytes }) => sum + bytes.length, 0)
  if (total > limits.maxBatchBytes) throw batchTooLarge(limits)
  return { uploads, rows, signature: signature || undefined }
}
