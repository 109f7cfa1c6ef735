import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { COCO_LABELS, DEMO_MODEL } from '../../src/repository/demo-card.js'

/** The model of `device-server.ts` that takes its time. */
export const DEVICE = 'device'
/** The one that takes none: gateways warm up with it. */
export const FREE = 'free'
/** The model of the embedded server, which costs CPU as TensorFlow's do. */
export const EMBEDDED = DEMO_MODEL

/** Writes a model repository in which every model takes what the demo model does. */
export async function writeCards(directory: string): Promise<void> {
  const input = { size: [300, 300], fit: 'stretch' }
  const card = JSON.stringify({ card_version: 1, labels: Object.fromEntries(COCO_LABELS), input })
  for (const name of [DEVICE, FREE, EMBEDDED]) {
    await mkdir(join(directory, name), { recursive: true })
    await writeFile(join(directory, name, 'model.json'), card)
  }
}
