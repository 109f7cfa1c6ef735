import { fileURLToPath } from 'node:url'

/**
 * The font of all labels, as Pango reads it, without a size. `assets/fonts/fonts.conf` brings it and finds another
 * packaged family for the scripts that it lacks.
 */
export const LABEL_FONT = 'Noto Sans SemiBold'

/** Height of the capital letters of {@link LABEL_FONT} as a fraction of its size, from the font's OS/2 table. */
export const CAP_HEIGHT = 0.714

/**
 * Points fontconfig, which libvips reads lazily at the first text of a process, at the packaged fonts: a slim container
 * has neither fonts nor a configuration. An operator's own `FONTCONFIG_FILE` wins.
 */
export function usePackagedFonts(): void {
  process.env.FONTCONFIG_FILE ??= fileURLToPath(
    new URL('../../assets/fonts/fonts.conf', import.meta.url),
  )
}
