import type { Classification, RegressResponse } from '../client/wire.js'
import { className, classPercent, number } from './answer.js'
import { make } from './dom.js'

/** A class as an item of a list: its name and score as text, and its score as the length of a bar. */
export function makeBar(it: Classification): HTMLLIElement {
  const length = make('span')
  length.style.width = `${it.score * 100}%`
  const bar = make('span', { className: 'bar-track' }, length)
  // The text beside it says the same.
  bar.setAttribute('aria-hidden', 'true')
  return make(
    'li',
    { className: 'class' },
    make('span', { className: 'name' }, className(it)),
    ' ',
    make('span', { className: 'percent' }, classPercent(it)),
    bar,
  )
}

/** A number of a regression as an item of a list. */
export function makeValue({ value }: RegressResponse['regressions'][number]): HTMLLIElement {
  return make('li', { className: 'value' }, number(value))
}
