/** A box in pixels, origin at the top-left corner; `xMax`/`yMax` are exclusive edges. */
export interface Box {
  readonly xMin: number
  readonly yMin: number
  readonly xMax: number
  readonly yMax: number
}

/** Width and height in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** An 8-bit RGB picture: `pixels` holds `width * height * 3` bytes in row-major order. */
export interface RgbImage extends Size {
  readonly pixels: Uint8Array
}
