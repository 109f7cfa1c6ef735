/** Finds an element of the page that is always there; its tag is checked, so that a change of the page is noticed. */
export function byId<Tag extends keyof HTMLElementTagNameMap>(
  id: string,
  tag: Tag,
): HTMLElementTagNameMap[Tag] {
  const element = document.getElementById(id)
  if (element?.localName !== tag) throw new Error(`the page has no <${tag} id="${id}">`)
  return element as HTMLElementTagNameMap[Tag]
}

/** Makes an element with properties and children; text is never read as markup. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}

/** Moves the focus among buttons by the arrow keys, Home and End. */
export function moveByArrows(container: HTMLElement, event: KeyboardEvent): void {
  const buttons = [...container.querySelectorAll('button')]
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowRight: at + 1,
    ArrowUp: at - 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: buttons.length - 1,
  }
  const to = steps[event.key]
  if (to === undefined || at < 0) return
  event.preventDefault()
  buttons[Math.min(Math.max(to, 0), buttons.length - 1)]?.focus()
}

/** Says something to a screen reader, and to the eye for two seconds. */
export function say(text: string, { seen = true } = {}): void {
  byId('status', 'p').textContent = text
  if (!seen) return
  const toast = byId('toast', 'p')
  toast.textContent = text
  toast.classList.add('on')
  clearTimeout(Number(toast.dataset.timer))
  toast.dataset.timer = String(setTimeout(() => toast.classList.remove('on'), 2000))
}

/** Waits until the screen is drawn again, which a page that nobody sees is not. */
export function nextFrame(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => resolve())
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
