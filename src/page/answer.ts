import type {
  Classification,
  ClassifyResponse,
  DetectResponse,
  Model,
  RegressResponse,
} from '../client/wire.js'
import { type Filter, filterClasses, filterDetections, nameOf, percent } from './filter.js'

/** What a model does with a photo. */
export type Task = NonNullable<Model['task']>

/** What the gateway says of a photo; which of the three it is follows from the model's task. */
export type Answer = DetectResponse | ClassifyResponse | RegressResponse

/** The task of a model; of one whose task is not known yet, what most models do. */
export function taskOf(model: Pick<Model, 'task'> | undefined): Task {
  return model?.task ?? 'object-detection'
}

/** The name of a class, or its id where it has none. */
export function className({ label, class_id }: Classification): string {
  return class_id === null ? (label ?? 'a class without a name') : nameOf({ label, class_id })
}

/** The score of a class, of which many are below one per cent. */
export function classPercent({ score }: Classification): string {
  return percent(score, 1)
}

/** A number as a model gives it, with what of it single precision holds. */
export function number(value: number): string {
  return String(Number(value.toPrecision(7)))
}

/** An answer in one short line: how many objects, the best class, the numbers. */
export function summary(answer: Answer, filter: Filter): string {
  if ('detections' in answer) {
    const count = filterDetections(answer.detections, filter).length
    return `${count} ${count === 1 ? 'object' : 'objects'}`
  }
  if ('regressions' in answer) return answer.regressions.map((it) => number(it.value)).join(', ')
  const [best] = filterClasses(answer.classifications, filter)
  return best === undefined ? 'no class' : `${className(best)} ${classPercent(best)}`
}
