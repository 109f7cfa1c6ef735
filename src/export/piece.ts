import type { ByteSource } from './byte-source.js'

/** Bytes that lie in a file and are copied from there when their turn comes. */
export interface SourceRange {
  readonly source: ByteSource
  /** First byte. */
  readonly start: number
  /** Byte after the last. */
  readonly end: number
}

/** Bytes to be written: in memory, or a range of a file of any size. */
export type Piece = Uint8Array | SourceRange

/** Gives the length of a piece in bytes. */
export function pieceLength(piece: Piece): number {
  return piece instanceof Uint8Array ? piece.length : piece.end - piece.start
}

/** Adds up the lengths of pieces, in bytes. */
export function piecesLength(pieces: readonly Piece[]): number {
  return pieces.reduce((total, piece) => total + pieceLength(piece), 0)
}

/** Reads pieces one after the other, at most 1 MiB of a file at a time; each chunk is valid until the next. */
export async function* pieceChunks(pieces: Iterable<Piece>): AsyncIterable<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) yield piece
    else yield* piece.source.chunks(piece.start, piece.end)
  }
}

/** Joins pieces into one buffer; for messages that are known to be small. */
export function joinPieces(pieces: readonly Piece[]): Uint8Array {
  return Buffer.concat(
    pieces.map((piece) =>
      piece instanceof Uint8Array ? piece : piece.source.read(piece.start, piece.end),
    ),
  )
}
