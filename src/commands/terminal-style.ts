import type { Colour } from '../imaging/palette.js'

/** Whether text to a stream may have colours: it is a terminal that can, and NO_COLOR (no-color.org) is not set. */
export function hasColours(
  stream: { readonly isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  return stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
}

/** The six levels of a channel in the cube of 256 colours that terminals have. */
const LEVELS = [0, 95, 135, 175, 215, 255]

function nearestLevel(channel: number): number {
  const distances = LEVELS.map((level) => Math.abs(level - channel))
  return distances.indexOf(Math.min(...distances))
}

/** Dresses text for a terminal, or leaves it as it is. */
export class TerminalStyle {
  readonly #isOn: boolean
  readonly #isTrueColour: boolean

  constructor(isOn: boolean, env: NodeJS.ProcessEnv = process.env) {
    this.#isOn = isOn
    this.#isTrueColour = /truecolor|24bit/.test(env.COLORTERM ?? '')
  }

  bold(text: string): string {
    return this.#wrap('1', '22', text)
  }

  dim(text: string): string {
    return this.#wrap('2', '22', text)
  }

  red(text: string): string {
    return this.#wrap('31', '39', text)
  }

  green(text: string): string {
    return this.#wrap('32', '39', text)
  }

  /** Text in a colour of the palette, or in the nearest that the terminal has. */
  colour(colour: Colour, text: string): string {
    const { r, g, b } = colour
    const cube = 16 + 36 * nearestLevel(r) + 6 * nearestLevel(g) + nearestLevel(b)
    return this.#wrap(this.#isTrueColour ? `38;2;${r};${g};${b}` : `38;5;${cube}`, '39', text)
  }

  #wrap(on: string, off: string, text: string): string {
    return this.#isOn ? `\u001b[${on}m${text}\u001b[${off}m` : text
  }
}

/** Text as a terminal may show it: what could steer one is a question mark. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?')
}
