import { DEMO_MODEL } from './repository/demo-card.js'

/** The settings that the choice of the default model depends on. */
export interface DefaultModelSettings {
  readonly defaultModel?: string | undefined
  readonly oipTarget?: string | undefined
  readonly tfServingTarget?: string | undefined
}

/**
 * Settles which model requests without a name get: `DEFAULT_MODEL`, else the demo model when the embedded server runs or
 * nothing else is known of TensorFlow Serving, else the only card. Throws an error that lists the cards where there is a
 * choice, and one that asks for a name where OIP_TARGET stands alone: nobody but TensorFlow Serving has the demo.
 */
export function chooseDefaultModel(
  { defaultModel, oipTarget, tfServingTarget }: DefaultModelSettings,
  cards: readonly string[],
  embedded: boolean,
): string {
  if (defaultModel !== undefined) return defaultModel
  if (embedded) return DEMO_MODEL
  if (cards.length === 1) return cards[0]!
  if (cards.length > 1) {
    throw new Error(
      `The model repository has several cards (${cards.join(', ')}); set DEFAULT_MODEL to one of them`,
    )
  }
  if (oipTarget === undefined || tfServingTarget !== undefined) return DEMO_MODEL
  throw new Error(
    'OIP_TARGET names a server and nothing names a model of it: set DEFAULT_MODEL, or write a card into the model repository',
  )
}
