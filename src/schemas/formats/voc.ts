import type { DetectResponse } from '../responses.js'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

// What XML 1.0 has no way to write, as lone surrogates are.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is dropped.
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu

function escapeXml(text: string): string {
  return text.replace(UNWRITABLE, '').replace(/[&<>"']/g, (found) => ENTITIES[found]!)
}

/** VOC counts whole pixels from 1, both ends included. */
function toRange(min: number, max: number, side: number): [number, number] {
  const first = Math.min(Math.floor(min) + 1, side)
  return [first, Math.min(Math.max(Math.ceil(max), first), side)]
}

function toObject(
  { label, class_id, box }: DetectResponse['detections'][number],
  { width, height }: DetectResponse['image'],
): string {
  const [xMin, xMax] = toRange(box.x_min, box.x_max, width)
  const [yMin, yMax] = toRange(box.y_min, box.y_max, height)
  return `  <object>
    <name>${escapeXml(label ?? String(class_id))}</name>
    <pose>Unspecified</pose>
    <truncated>0</truncated>
    <difficult>0</difficult>
    <bndbox>
      <xmin>${xMin}</xmin>
      <ymin>${yMin}</ymin>
      <xmax>${xMax}</xmax>
      <ymax>${yMax}</ymax>
    </bndbox>
  </object>
`
}

/** Writes an annotation file of Pascal VOC: whole pixels from 1 of the upright image, both ends included. */
export function toVoc(
  { image, detections }: Pick<DetectResponse, 'image' | 'detections'>,
  filename: string | null,
): string {
  const objects = detections.map((it) => toObject(it, image)).join('')
  return `<?xml version="1.0" encoding="UTF-8"?>
<annotation>
  <folder></folder>
  <filename>${escapeXml(filename ?? '')}</filename>
  <size>
    <width>${image.width}</width>
    <height>${image.height}</height>
    <depth>3</depth>
  </size>
  <segmented>0</segmented>
${objects}</annotation>
`
}
