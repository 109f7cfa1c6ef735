import { renderRun, type TextRun } from './text-run.js'

/** Characters of a name that are read; longer ones would only be cut again when they are fitted. */
const MAX_NAME_LENGTH = 200

/** No character of the font is narrower than this part of its size, so that more of them cannot fit. */
const NARROWEST_CHARACTER = 0.15

const RIGHT_TO_LEFT =
  /[\p{Script=Adlam}\p{Script=Arabic}\p{Script=Hanifi_Rohingya}\p{Script=Hebrew}\p{Script=Nko}\p{Script=Syriac}\p{Script=Thaana}]/u

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * Makes a label one printable line: controls, format characters (the joiners of emoji and of Indic and Persian words
 * stay) and broken surrogates go, any white space becomes one space.
 */
export function cleanName(name: string): string {
  return name
    .slice(0, MAX_NAME_LENGTH)
    .replace(/[\s\p{Z}\p{Cc}]+/gu, ' ')
    .replace(/[\p{Cs}\p{Co}]|(?![\u200c\u200d])\p{Cf}/gu, '')
    .trim()
}

/** Gives the text for a score of 0..1 as a whole percentage; a score that is no number has none. */
export function scoreText(score: number): string {
  if (Number.isNaN(score)) return ''
  return `${Math.round(100 * Math.min(1, Math.max(0, score)))}%`
}

/** Tells whether the first letter of a text is of a script that is read from right to left. */
export function isRightToLeft(text: string): boolean {
  const first = text.match(/\p{L}/u)
  return first !== null && RIGHT_TO_LEFT.test(first[0])
}

/**
 * Draws a name at `size` pixels an em, cut between characters and ended by an ellipsis where it would be wider than
 * `maxWidth` pixels. Gives `null` when not even one character fits.
 */
export async function fitName(
  name: string,
  size: number,
  maxWidth: number,
): Promise<TextRun | null> {
  const most = Math.ceil(maxWidth / (NARROWEST_CHARACTER * size)) + 1
  if (name.length <= most) {
    const run = await renderRun(name, size)
    if (run.width <= maxWidth) return run
  }
  const characters = Array.from(graphemes.segment(name), ({ segment }) => segment)
  let count = Math.min(characters.length - 1, most)
  while (count > 0) {
    const run = await renderRun(`${characters.slice(0, count).join('').trimEnd()}…`, size)
    if (run.width <= maxWidth) return run
    count = Math.min(count - 1, Math.floor((count * maxWidth) / run.width))
  }
  return null
}
