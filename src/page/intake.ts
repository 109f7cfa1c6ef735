import { byId } from './dom.js'

/** Hears of photos that are chosen, dropped anywhere on the page, or pasted. */
export function takePhotos(onFiles: (files: readonly File[]) => void): void {
  const input = byId('files', 'input')
  for (const button of document.querySelectorAll('[data-choose]')) {
    button.addEventListener('click', () => input.click())
  }
  input.addEventListener('change', () => {
    onFiles([...(input.files ?? [])])
    // The same photo may be chosen again.
    input.value = ''
  })
  document.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])]
    if (files.length === 0) return
    event.preventDefault()
    onFiles(files)
  })
  takeDrops(onFiles)
}

function takeDrops(onFiles: (files: readonly File[]) => void): void {
  const show = (on: boolean) => document.body.classList.toggle('dragging', on)
  document.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    show(true)
  })
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) show(false)
  })
  document.addEventListener('drop', (event) => {
    show(false)
    const files = [...(event.dataTransfer?.files ?? [])]
    if (files.length === 0) return
    event.preventDefault()
    onFiles(files)
  })
}
