/** A picture file's bytes; of a `File` the name goes along. */
export type ImageInput = Blob | ArrayBuffer | ArrayBufferView

function toBlob(image: ImageInput): Blob {
  return image instanceof Blob ? image : new Blob([image as ArrayBuffer])
}

function nameOf(image: ImageInput, index: number): string {
  const name = 'name' in image ? image.name : undefined
  return typeof name === 'string' && name !== '' ? name : `image-${index}`
}

function quote(text: string): string {
  return /[",]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Writes a parameter as forms and queries hold it: lists and maps of labels as comma separated text, lists of objects as JSON. */
export function toText(value: unknown): string {
  if (Array.isArray(value)) {
    return value.every((it) => typeof it !== 'object')
      ? value.map((it) => quote(String(it))).join(',')
      : JSON.stringify(value)
  }
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([label, it]) => `${quote(label)}:${it}`)
    .join(',')
}

/** Writes images and parameters as the form that routes take which look at images. */
export function toForm(images: Iterable<ImageInput>, parameters: object): FormData {
  const form = new FormData()
  // Parameters go first, so that a wrong one is known before the pictures have come.
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) form.append(name, toText(value))
  }
  let index = 0
  for (const image of images) form.append('image', toBlob(image), nameOf(image, index++))
  return form
}
