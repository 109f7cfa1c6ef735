import type { ClassifyParameters, JsonParameters } from '../client/client.js'
import type { DetectResponse } from '../client/wire.js'
import type { Answer } from './answer.js'
import { type Filter, filterClasses, filterDetections } from './filter.js'

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** The parameters by which the gateway itself would leave what the filter leaves of this answer. */
export function toParameters(filter: Filter, answer: DetectResponse): JsonParameters {
  const found = new Set(answer.detections.map(({ class_id }) => class_id))
  const excluded = [...filter.hidden].filter((id) => found.has(id)).map(String)
  return {
    min_score: filter.minScore,
    ...(excluded.length > 0 && { exclude_labels: excluded }),
  }
}

/** What a request says that gets from the gateway what the page shows: its path, and its parameters beside the model. */
export function toRequest(
  filter: Filter,
  answer: Answer,
): { readonly path: string; readonly parameters: JsonParameters | ClassifyParameters } {
  if ('detections' in answer)
    return { path: '/v1/detect', parameters: toParameters(filter, answer) }
  if ('regressions' in answer) return { path: '/v1/regress', parameters: {} }
  const { topK, minScore } = filter
  return { path: '/v1/classify', parameters: { top_k: topK, min_score: minScore } }
}

/** The command that asks the gateway at `url` the same. The key is named, never shown: commands are pasted and logged. */
export function toCurl(
  url: string,
  fileName: string,
  parameters: object,
  withKey: boolean,
): string {
  // curl reads a comma or semicolon of a form's file name as its own, unless the name is in double quotes.
  const file = `image=@"${fileName.replaceAll(/["\\]/g, '\\$&')}"`
  const fields = Object.entries(parameters).map(
    ([name, value]) => `-F ${quote(`${name}=${value}`)}`,
  )
  const key = withKey ? ['-H "authorization: Bearer $API_KEY"'] : []
  return ['curl', `-F ${quote(file)}`, ...fields, ...key, quote(url)].join(' ')
}

/** The answer, with the detections or classes that the filter leaves. */
export function toJson(answer: Answer, filter: Filter): string {
  return JSON.stringify(filterAnswer(answer, filter), undefined, 2)
}

function filterAnswer(answer: Answer, filter: Filter): Answer {
  if ('detections' in answer)
    return { ...answer, detections: filterDetections(answer.detections, filter) }
  if ('regressions' in answer) return answer
  return { ...answer, classifications: filterClasses(answer.classifications, filter) }
}

/** Copies a text, in contexts that are not secure too, where browsers have only the old way. */
export async function copy(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return await navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  const focused = document.activeElement as HTMLElement | null
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  focused?.focus()
  if (!copied) throw new Error('The browser does not let this page copy')
}

/** Has the browser save a file. */
export function save(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
