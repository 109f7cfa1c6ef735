import type { LabelMap, ModelCard } from '../../repository/model-card.js'
import type { LabelledScore, Tensor, Tensors } from '../../serving/model-server.js'
import type { ClassOutputs } from './classification-signature.js'
import { nonsense, numbersOf, type Position, requireFinite, rowOf } from './scores.js'

/** What a model said of one image, before activation: a number for each class, and the classes where it names them. */
export interface ClassRow {
  readonly raw: readonly number[]
  /** In the order of `raw`; `undefined` where the position is the class. */
  readonly classes: readonly (string | number)[] | undefined
}

/** Reads the classes of one image in the answer to Predict. Throws `upstream_invalid_response` for what makes no sense. */
export function rowFromOutputs(
  outputs: Tensors,
  { scores, classes }: ClassOutputs,
  position: Position,
): ClassRow {
  const raw = numbersOf(outputs[scores]!, position, scores)
  if (classes === undefined) return { raw, classes: undefined }
  const named = classesOf(outputs[classes]!, position, classes)
  if (named.length !== raw.length) {
    throw nonsense(classes, `names ${named.length} classes for ${raw.length} scores`)
  }
  return { raw, classes: named }
}

function classesOf(tensor: Tensor, position: Position, output: string): (string | number)[] {
  if (tensor.dtype !== 'DT_STRING') {
    const ids = Array.from(rowOf(tensor, position, output), Number)
    const wrong = ids.find((id) => !Number.isSafeInteger(id))
    if (wrong !== undefined) throw nonsense(output, `holds ${wrong}, which is no class`)
    return ids
  }
  return rowOf(tensor, position, output).map((bytes) => Buffer.from(bytes).toString())
}

/** Reads the classes of one image in the answer to Classify, where empty names mean class order. */
export function rowFromExample(row: readonly LabelledScore[]): ClassRow {
  const raw = row.map(({ score }) => score)
  requireFinite(raw, 'scores')
  const isNamed = row.some(({ label }) => label !== '')
  return { raw, classes: isNamed ? row.map(({ label }) => label) : undefined }
}

const ids = new WeakMap<LabelMap, ReadonlyMap<string, number>>()

function idsByName(labels: LabelMap): ReadonlyMap<string, number> {
  const known = ids.get(labels)
  if (known !== undefined) return known
  const byName = new Map([...labels].map(([id, name]) => [name, id] as const).reverse())
  ids.set(labels, byName)
  return byName
}

/** The class id and name of what a model calls a class: a number, a number as text, or a name. */
export function identify(
  called: string | number,
  labels: LabelMap | null,
): { readonly classId: number | null; readonly label: string | null } {
  const isId = typeof called === 'number' || (labels !== null && /^\d{1,9}$/.test(called))
  if (isId) {
    const classId = Number(called)
    return { classId, label: labels?.get(classId) ?? null }
  }
  const classId = labels === null ? undefined : idsByName(labels).get(called)
  return { classId: classId ?? null, label: called === '' ? null : called }
}

/** Whether the numbers of some classes only can be made scores of 0 to 1 as the card says: softmax needs all classes. */
export function isComputable({ classes }: ClassRow, activation: ModelCard['activation']): boolean {
  return classes === undefined || activation !== 'softmax'
}
