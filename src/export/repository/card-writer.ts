import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { CARD_VERSION, type ModelCardJson, parseModelCard } from '../../repository/card-schema.js'
import type { CardTask, LabelMap } from '../../repository/model-card.js'
import { hasCode } from '../../repository/snapshot.js'
import { fileError } from '../export-error.js'
import { replaceFile } from './atomic-file.js'

/** What an export knows of a model, for its card. */
export interface CardFacts {
  /** What the model does, for a new card: object detection unless known. */
  readonly task?: CardTask | undefined
  readonly labels?: LabelMap | undefined
  /** Whether the labels were asked for by name: then they go before those on the card. */
  readonly replaceLabels?: boolean | undefined
  /** How images are sent, by the model's own resizer. */
  readonly input?: ModelCardJson['input'] | undefined
  readonly defaults?: ModelCardJson['defaults'] | undefined
  /** The signature to call, where it is not the usual one. */
  readonly signature?: string | undefined
}

/** What became of a card. */
export interface CardChange {
  readonly file: string
  readonly created: boolean
  /** Dotted names of the fields that were written. */
  readonly written: readonly string[]
  /** Fields of the card that stay although this version would have them otherwise. */
  readonly kept: readonly {
    readonly field: string
    readonly card: string
    readonly model: string
  }[]
}

/** A card as it will be written. */
export interface CardDraft extends CardChange {
  /** The whole card, as it will be read. */
  readonly text: string
  readonly hasLabels: boolean
  /** Whether the file is written at all. */
  readonly changed: boolean
  /** Content of a label file beside it, for maps that are too long for a card. */
  readonly labelText: string | undefined
}

/** The gateway takes a card of up to 1 MiB; a list this long is still read by people. */
const MAX_INLINE_LABELS = 1000
const LABEL_FILE = 'labels.json'

/** Tells where a model's card lies. */
export function cardPath(modelDirectory: string): string {
  return join(modelDirectory, 'model.json')
}

/**
 * Makes the card of a model from what an export knows. A card that is there is the operator's: what it says stays, only
 * what it does not say is filled in. Throws `RepositoryFileError` when it is broken: better now than when it is served.
 */
export async function draftCard(modelDirectory: string, facts: CardFacts): Promise<CardDraft> {
  const file = cardPath(modelDirectory)
  const existing = await readCard(file)
  const created = existing === undefined
  const task = facts.task ?? 'object-detection'
  const card: ModelCardJson = existing ?? { card_version: CARD_VERSION, task }
  const written: string[] = []
  const kept: CardDraft['kept'][number][] = []
  const fill = <T>(field: string, present: T | undefined, value: T | undefined): T | undefined => {
    if (value === undefined || isDeepStrictEqual(present, value)) return present
    if (present === undefined) written.push(field)
    else kept.push({ field, card: JSON.stringify(present), model: JSON.stringify(value) })
    return present ?? value
  }
  const { labels, labelText } = draftLabels(card, facts, written)
  const draft: ModelCardJson = definedOnly({
    ...card,
    labels,
    defaults: fill('defaults', card.defaults, facts.defaults),
    input: fill('input', card.input, facts.input),
    signature: fill('signature', card.signature, facts.signature),
  })
  const text = toText(draft)
  parseModelCard(text, file)
  const changed = created || written.length > 0
  const hasLabels = draft.labels !== undefined
  return { file, created, written, kept, text, hasLabels, changed, labelText }
}

/** Writes what was drafted. */
export async function writeCard(modelDirectory: string, draft: CardDraft): Promise<void> {
  // The card names the label file, so that it has to be there first.
  if (draft.labelText !== undefined) {
    await replaceFile(join(modelDirectory, LABEL_FILE), draft.labelText)
  }
  if (draft.changed) await replaceFile(draft.file, draft.text)
}

async function readCard(file: string): Promise<ModelCardJson | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined
    throw fileError('read it', file, cause)
  }
  parseModelCard(text, file)
  return JSON.parse(text.replace(/^\uFEFF/, '')) as ModelCardJson
}

function draftLabels(
  card: ModelCardJson,
  { labels, replaceLabels = false }: CardFacts,
  written: string[],
): { labels: ModelCardJson['labels']; labelText: string | undefined } {
  const stays = card.labels !== undefined && !replaceLabels
  if (labels === undefined || stays) return { labels: card.labels, labelText: undefined }
  written.push('labels')
  const json = Object.fromEntries([...labels].map(([id, name]) => [String(id), name]))
  if (labels.size <= MAX_INLINE_LABELS) return { labels: json, labelText: undefined }
  return { labels: LABEL_FILE, labelText: `${JSON.stringify(json, null, 2)}\n` }
}

function definedOnly(card: ModelCardJson): ModelCardJson {
  return Object.fromEntries(
    Object.entries(card).filter(([, value]) => value !== undefined),
  ) as ModelCardJson
}

/** Puts a pair of numbers, such as a size, on one line. */
function toText(card: ModelCardJson): string {
  return `${JSON.stringify(card, null, 2).replace(/\[\s+(\d+),\s+(\d+)\s+\]/g, '[$1, $2]')}\n`
}
