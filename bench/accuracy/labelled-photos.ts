import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import { COCO_LABELS } from '../../src/repository/demo-card.js'

/** A photo and what is in it. */
export interface LabelledPhoto {
  readonly id: number
  readonly file: string
  readonly width: number
  readonly height: number
  readonly objects: readonly LabelledObject[]
}

export interface LabelledObject {
  /** Id of COCO's category, 1 to 90. */
  readonly classId: number
  /** Left, top, width and height as fractions of the photo. */
  readonly box: readonly [number, number, number, number]
}

/** YOLO numbers the 80 classes of COCO without holes. */
const CLASS_IDS = [...COCO_LABELS.keys()]

/** Reads a line of a YOLO label file: class, then centre and size of the box as fractions. */
function parseObject(line: string): LabelledObject {
  const [index, x, y, width, height] = line.trim().split(/\s+/).map(Number)
  const classId = CLASS_IDS[index ?? -1]
  if (classId === undefined || height === undefined) throw new Error(`No YOLO label: "${line}"`)
  return { classId, box: [x! - width! / 2, y! - height / 2, width!, height] }
}

/**
 * Reads a folder of JPEGs with labels of COCO's classes in YOLO's format: `<name>.txt` beside `<name>.jpg` or in a folder
 * `labels`. As YOLO has it, a photo without one shows none of the classes; a folder
 * without any label is an error.
 */
export async function readLabelledPhotos(directory: string): Promise<LabelledPhoto[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.jpg')).sort()
  const labelled = names.map(async (name, index): Promise<LabelledPhoto> => {
    const file = join(directory, name)
    const text = `${basename(name, '.jpg')}.txt`
    const labels = [join(directory, text), join(directory, 'labels', text)].find(existsSync)
    const content = labels === undefined ? '' : await readFile(labels, 'utf8')
    const lines = content.split('\n').filter((line) => line.trim() !== '')
    const { autoOrient: size } = await sharp(file).metadata()
    return { id: index + 1, file, ...size, objects: lines.map(parseObject) }
  })
  const photos = await Promise.all(labelled)
  if (photos.every(({ objects }) => objects.length === 0)) {
    throw new Error(`${directory} holds no photo with YOLO labels`)
  }
  return photos
}

/** The labels as COCO's annotation file has them, in pixels of the photos as they are labelled. */
export function toCocoTruth(photos: readonly LabelledPhoto[]): unknown {
  let id = 0
  const annotations = photos.flatMap(({ id: image, width, height, objects }) =>
    objects.map(({ classId, box: [x, y, w, h] }) => {
      const bbox = [x * width, y * height, w * width, h * height]
      id += 1
      return {
        id,
        image_id: image,
        category_id: classId,
        bbox,
        area: bbox[2]! * bbox[3]!,
        iscrowd: 0,
      }
    }),
  )
  return {
    info: {},
    images: photos.map(({ id: image, width, height }) => ({ id: image, width, height })),
    categories: [...COCO_LABELS].map(([classId, name]) => ({ id: classId, name })),
    annotations,
  }
}
