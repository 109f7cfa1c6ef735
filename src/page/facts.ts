import type { Answer } from './answer.js'
import { byId, make } from './dom.js'

const STAGES = ['queue', 'decode', 'predict', 'postprocess', 'total'] as const

/** Shows which model gave an answer, to what picture, and how long each stage took. */
export function showFacts(answer: Answer | undefined): void {
  const facts = byId('facts', 'dl')
  if (answer === undefined) {
    facts.replaceChildren()
    return
  }
  const { model, image, timings_ms: timings } = answer
  const rows = [
    ['model', model.name],
    ['version', model.version],
    ['picture', `${image.width} × ${image.height}, ${image.format}`],
    ...STAGES.map((stage) => [stage, `${timings[stage].toFixed(1)} ms`] as const),
  ] as const
  facts.replaceChildren(
    ...rows.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]),
  )
}
