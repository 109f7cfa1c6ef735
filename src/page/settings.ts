import { byId, make, say } from './dom.js'
import { type PageGateway, toProblem } from './gateway.js'

/** The head of the page: which model and version are asked, and the API key. */
export class Settings {
  readonly #gateway: PageGateway
  readonly #onChange: () => void
  readonly #model = byId('model', 'select')
  readonly #version = byId('version', 'select')
  readonly #form = byId('key-form', 'form')
  readonly #key = byId('key', 'input')

  /** `onChange` hears that photos would be answered differently now. */
  constructor(gateway: PageGateway, onChange: () => void) {
    this.#gateway = gateway
    this.#onChange = onChange
    this.#model.addEventListener('change', () => {
      gateway.model = this.#model.value
      this.#showVersions()
      onChange()
    })
    this.#version.addEventListener('change', () => {
      gateway.version = this.#version.value
      onChange()
    })
    this.#listenToKey()
  }

  /** Reads the list of models; says what is wrong where it cannot be had. */
  async load(): Promise<void> {
    try {
      this.#gateway.known = await this.#gateway.models()
      this.#notice('')
    } catch (error) {
      const problem = toProblem(error)
      this.#gateway.known = []
      if (problem.status === 401) this.askForKey()
      this.#notice(problem.status === 401 ? this.#keyWords() : problem.message)
    }
    this.#showModels()
  }

  /** Opens the field for the key. */
  askForKey(): void {
    this.#toggleKey(true)
  }

  #keyWords(): string {
    return this.#gateway.key === ''
      ? 'This gateway asks for an API key. Enter yours above.'
      : 'The API key is not one of this gateway. Check it, or enter another one above.'
  }

  #notice(text: string): void {
    const notice = byId('notice', 'p')
    notice.hidden = text === ''
    notice.textContent = text
  }

  #showModels(): void {
    const wanted = this.#gateway.model
    const { known: models } = this.#gateway
    const options = models.map(({ name, default: isDefault, state, reason }) => {
      const ready = state === 'AVAILABLE'
      const text = `${name}${isDefault ? ' (default)' : ''}${ready ? '' : `, ${state.toLowerCase()}`}`
      return make('option', { value: name, textContent: text, title: reason ?? '' })
    })
    if (options.length === 0)
      options.push(make('option', { value: '', textContent: 'the default' }))
    this.#model.replaceChildren(...options)
    this.#model.disabled = models.length === 0
    const fallback = models.find((it) => it.default) ?? models[0]
    const isKnown = models.some(({ name }) => name === wanted)
    this.#model.value = isKnown ? wanted : (fallback?.name ?? '')
    this.#gateway.model = this.#model.value
    this.#showVersions()
  }

  #showVersions(): void {
    const { known } = this.#gateway
    const versions = known.find(({ name }) => name === this.#model.value)?.versions ?? []
    const options = versions.map(({ version, state }) =>
      make('option', {
        value: version,
        textContent: state === 'AVAILABLE' ? version : `${version}, ${state.toLowerCase()}`,
      }),
    )
    this.#version.replaceChildren(make('option', { value: '', textContent: 'latest' }), ...options)
    this.#version.disabled = versions.length === 0
    this.#gateway.version = ''
  }

  #listenToKey(): void {
    byId('key-button', 'button').addEventListener('click', () =>
      this.#toggleKey(this.#form.hidden === true),
    )
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#useKey(this.#key.value.trim())
    })
    this.#form.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return
      this.#toggleKey(false)
      byId('key-button', 'button').focus()
    })
    byId('key-forget', 'button').addEventListener('click', () => this.#useKey(''))
  }

  async #useKey(key: string) {
    this.#gateway.key = key
    this.#toggleKey(false)
    byId('key-button', 'button').focus()
    await this.load()
    if (!this.#form.hidden) return
    say(key === '' ? 'The key is forgotten' : 'The key is in use')
    this.#onChange()
  }

  #toggleKey(open: boolean): void {
    this.#form.hidden = !open
    byId('key-button', 'button').setAttribute('aria-expanded', String(open))
    if (!open) return
    this.#key.value = this.#gateway.key
    this.#key.focus()
  }
}
