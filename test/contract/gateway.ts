/**
 * Prepares the gateway's contract below the directory of its first argument: `models/`, a repository of the demo model
 * taking pixels and one taking encoded images, with cards for the networks of conventions.py; `next/`, a second version of
 * the first; and `pixels/`, the photos of the other arguments as the card of the demo model wants them: upright RGB bytes,
 * stretched to its size.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import { writeDemoVersion } from '../../src/export/demo-version.js'
import { COCO_LABELS, DEMO_CARD, DEMO_MODEL } from '../../src/repository/demo-card.js'

const [directory, ...photos] = process.argv.slice(2)
if (directory === undefined) throw new Error('usage: gateway.ts DIRECTORY PHOTO...')

const ENCODED_MODEL = 'ssdlite_encoded'
const labels = Object.fromEntries(COCO_LABELS)
const models = join(directory, 'models')

const writeModel = async (name: string, input: 'pixels' | 'encoded', card: object) => {
  await writeDemoVersion(join(models, name, '1'), { input })
  return writeCard(name, { labels, ...card })
}

const writeCard = async (name: string, card: object) => {
  await mkdir(join(models, name), { recursive: true })
  await writeFile(join(models, name, 'model.json'), JSON.stringify(card))
  return `config { name: "${name}" base_path: "/models/${name}" model_platform: "tensorflow" }`
}

const yolo = {
  labels: { 0: 'red', 1: 'blue' },
  input: { size: [640, 640], fit: 'pad', fill: 114, kernel: 'linear', std: 255 },
}
const entries = [
  await writeModel(DEMO_MODEL, 'pixels', { input: DEMO_CARD.input }),
  await writeModel(ENCODED_MODEL, 'encoded', {}),
  await writeCard('yolo_grid', yolo),
  await writeCard('yolo_objectness', yolo),
]
await writeFile(join(models, 'models.config'), `model_config_list { ${entries.join(' ')} }\n`)
await writeDemoVersion(join(directory, 'next'), { variables: true })

const [height, width] = DEMO_CARD.input.size!
await mkdir(join(directory, 'pixels'))
for (const photo of photos) {
  const pixels = await sharp(photo)
    .autoOrient()
    .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer()
  await writeFile(join(directory, 'pixels', basename(photo)), pixels)
}
