/** An sRGB colour, each channel 0..255. */
export interface Colour {
  readonly r: number
  readonly g: number
  readonly b: number
}

export const BLACK: Colour = { r: 0, g: 0, b: 0 }
export const WHITE: Colour = { r: 255, g: 255, b: 255 }

/**
 * Twenty vivid colours, none darker than a relative luminance of 0.17, so that each stands out from a dark outline.
 * Any two differ by at least 0.07 in OKLab, and neighbours in the list, whose classes often meet in one picture, by at
 * least 0.25 (computed by Ottosson's definition of OKLab; the order is the best of a random search for that distance).
 */
export const PALETTE: readonly Colour[] = [
  0xbba8ff, 0x2db84f, 0x8f54f5, 0xf2403a, 0x6e9bb5, 0xa8e03a, 0xc04df0, 0xb5702e, 0x2cd5f0,
  0xffcb2e, 0xff78a8, 0x9c9b22, 0x3f9dff, 0xe01f5a, 0xffb58c, 0x0fae9b, 0x5468ff, 0xee4bc8,
  0x85ebbe, 0xff8a1f,
].map((hex) => ({ r: hex >> 16, g: (hex >> 8) & 255, b: hex & 255 }))

/**
 * Places by which each further twenty ids start later in the palette: ids that differ by 20 get unlike colours, and of
 * COCO's 90 classes only pizza (59) shares the colour of person (1), which is in most pictures.
 */
const SHIFT_PER_ROUND = 11

/** Gives a class id its colour, the same in every picture. Class ids are many and colours twenty, so some share one. */
export function colourOfClass(classId: number): Colour {
  const count = PALETTE.length
  const whole = Number.isFinite(classId) ? Math.trunc(classId) : 0
  const place = (whole + SHIFT_PER_ROUND * Math.floor(whole / count)) % count
  return PALETTE[(place + count) % count]!
}

function relativeLuminance({ r, g, b }: Colour): number {
  const linear = (channel: number) => {
    const value = channel / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/** Gives the contrast ratio of two colours, 1..21, as WCAG 2.2 defines it. */
export function contrastRatio(one: Colour, other: Colour): number {
  const luminances = [relativeLuminance(one), relativeLuminance(other)]
  return (Math.max(...luminances) + 0.05) / (Math.min(...luminances) + 0.05)
}

/**
 * Chooses black or white text for a plate. The better of the two reaches 4.58:1 on every sRGB colour, above the 4.5:1
 * of WCAG level AA, because the ratios with black and with white multiply to 21.
 */
export function textColourOn(plate: Colour): Colour {
  return contrastRatio(plate, BLACK) >= contrastRatio(plate, WHITE) ? BLACK : WHITE
}
