const MEBIBYTE = 1024 * 1024

/** Code, heap, sockets and sharp's threads: 62 to 94 MiB when idle. */
const PROCESS_BYTES = 128 * MEBIBYTE
/** The demo model's weights and the memory of its WebAssembly. */
const EMBEDDED_BYTES = 128 * MEBIBYTE
/** Below this no photo of 12 megapixels finds room in each share. */
const LEAST_SHARED_BYTES = 64 * MEBIBYTE

/** The settings that memory depends on. */
export interface MemorySettings {
  readonly memoryLimitBytes: number
  readonly upstreamInFlight: number
  readonly upstreamResponseMaxBytes: number
}

/** What each kind of use may take of the memory, in bytes; the sum is `MEMORY_LIMIT_BYTES`. */
export interface MemoryPlan {
  /** The process itself, with the embedded model server where it runs. */
  readonly process: number
  /** Answers of the model server: UPSTREAM_IN_FLIGHT x UPSTREAM_RESPONSE_MAX_BYTES. */
  readonly upstreamAnswers: number
  /** Bodies from their first byte until they are answered. */
  readonly uploads: number
  /** Images in the slots: decoders, pixels, encoders. */
  readonly decoders: number
  /** Decoded pictures that wait to be drawn on while the model works. */
  readonly keptPictures: number
  /** Tensors on their way: pixels, floats, messages, and what is kept for another try. */
  readonly calls: number
  /** Answers that clients have not read yet. */
  readonly answers: number
  /** What nobody holds any more and V8 has not collected yet, see `garbage-bound.ts`. */
  readonly garbage: number
}

/** Divides the memory. Throws an error that shows the sum where the settings leave too little to share. */
export function planMemory(settings: MemorySettings, embedded: boolean): MemoryPlan {
  const { memoryLimitBytes, upstreamInFlight, upstreamResponseMaxBytes } = settings
  const own = PROCESS_BYTES + (embedded ? EMBEDDED_BYTES : 0)
  const upstreamAnswers = upstreamInFlight * upstreamResponseMaxBytes
  const shared = memoryLimitBytes - own - upstreamAnswers
  if (shared < LEAST_SHARED_BYTES) {
    throw new Error(
      `These settings are invalid:\n  MEMORY_LIMIT_BYTES: ${memoryLimitBytes} bytes are too few: ` +
        `${own} for the process, ${upstreamAnswers} for answers of the model server (UPSTREAM_IN_FLIGHT x ` +
        `UPSTREAM_RESPONSE_MAX_BYTES) and at least ${LEAST_SHARED_BYTES} for images`,
    )
  }
  const share = (part: number) => Math.floor(shared * part)
  return {
    process: own,
    upstreamAnswers,
    uploads: share(0.15),
    decoders: share(0.47),
    keptPictures: share(0.06),
    calls: share(0.19),
    answers: share(0.06),
    garbage: share(0.07),
  }
}
