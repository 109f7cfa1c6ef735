import { type Colour, colourOfClass, textColourOn } from '../imaging/palette.js'

const css = ({ r, g, b }: Colour) => `rgb(${r} ${g} ${b})`

/** The colours of a class, the same as in an annotated picture: of its box, and of text on that. */
export function classColours(classId: number): { readonly box: string; readonly text: string } {
  const colour = colourOfClass(classId)
  return { box: css(colour), text: css(textColourOn(colour)) }
}
