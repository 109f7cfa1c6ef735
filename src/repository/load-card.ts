import { dirname, join } from 'node:path'
import { firstIdOf, type ParsedCard, parseModelCard } from './card-schema.js'
import type { FileProblem } from './file-error.js'
import { parseLabelMap } from './label-map.js'
import type { ModelCard } from './model-card.js'
import type { Snapshot } from './snapshot.js'

/** 1 MiB: a card with ten thousand classes written into it fits. */
const MAX_CARD_BYTES = 1024 * 1024
/** 16 MiB: eighty times the largest label map of the Object Detection API. */
const MAX_LABEL_FILE_BYTES = 16 * 1024 * 1024

/** A card whose labels are read. */
export interface LoadedCard {
  readonly card: ModelCard
  readonly warnings: readonly FileProblem[]
}

/** Reads a card and the label file that it names; throws `RepositoryFileError` for either. */
export async function loadCard(snapshot: Snapshot, file: string): Promise<LoadedCard> {
  const parsed: ParsedCard = parseModelCard(await snapshot.readText(file, MAX_CARD_BYTES), file)
  const { card, warnings, labelsFile } = parsed
  if (labelsFile === undefined) return { card, warnings }
  const path = join(dirname(file), labelsFile)
  const text = await snapshot.readText(path, MAX_LABEL_FILE_BYTES)
  const labels = parseLabelMap(text, path, firstIdOf(card.task))
  return { card: { ...card, labels }, warnings }
}
