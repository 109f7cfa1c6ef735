import { DEMO_MODEL } from './repository/demo-card.js'

/**
 * Settles which model requests without a name get: `DEFAULT_MODEL`, else the demo model when the embedded server runs or
 * nothing else is known, else the only card. Throws an error that lists the cards where there is a choice.
 */
export function chooseDefaultModel(
  wanted: string | undefined,
  cards: readonly string[],
  embedded: boolean,
): string {
  if (wanted !== undefined) return wanted
  if (embedded || cards.length === 0) return DEMO_MODEL
  if (cards.length === 1) return cards[0]!
  throw new Error(
    `The model repository has several cards (${cards.join(', ')}); set DEFAULT_MODEL to one of them`,
  )
}
