import type { JsonParameters } from '../client/client.js'
import type { DetectResponse } from '../client/wire.js'
import { type Filter, filterDetections } from './filter.js'

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

/** The command that asks the gateway the same. The key is named, never shown: commands are pasted and logged. */
export function toCurl(
  url: string,
  fileName: string,
  parameters: JsonParameters,
  withKey: boolean,
): string {
  // curl reads a comma or semicolon of a form's file name as its own, unless the name is in double quotes.
  const file = `image=@"${fileName.replaceAll(/["\\]/g, '\\$&')}"`
  const fields = Object.entries(parameters).map(
    ([name, value]) => `-F ${quote(`${name}=${value}`)}`,
  )
  const key = withKey ? ['-H "authorization: Bearer $API_KEY"'] : []
  return ['curl', `-F ${quote(file)}`, ...fields, ...key, quote(`${url}/v1/detect`)].join(' ')
}

/** The answer, with the detections that the filter leaves. */
export function toJson(answer: DetectResponse, filter: Filter): string {
  const detections = filterDetections(answer.detections, filter)
  return JSON.stringify({ ...answer, detections }, undefined, 2)
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
