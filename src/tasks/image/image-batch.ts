import type { GatewayError } from '../../errors.js'
import { isSignatureSuspect } from '../../serving/signature-suspect.js'
import type { Deadline } from '../deadline.js'
import type { ImagePlan, ImageRequest, Job, PreparedJob } from './image-job.js'
import type { ImageTask } from './image-task.js'
import { isTriedAlone } from './tried-alone.js'

/** What became of one image of a batch. */
export type BatchOutcome<Result> =
  | { readonly index: number; readonly result: Result }
  | { readonly index: number; readonly error: unknown }

/** Images decoded together. Bounds the tensors that a batch holds at a time and how long the first results take. */
const CHUNK = 8
/** Chunks in work at once: one is decoded while the other is with the model. */
const CHUNKS_AT_ONCE = 2
/** How many packs of images have room in the memory for calls: one request does not fill it. */
const PACKS_IN_MEMORY = 4

/** One image of a batch: its bytes, or what was already wrong with it when it was received. */
export interface BatchUpload {
  readonly bytes: Buffer
  readonly problem: GatewayError | null
}

interface Item {
  readonly index: number
  readonly upload: BatchUpload
}

/** An image whose header has been read, and the memory that its call takes. */
interface Opened {
  readonly index: number
  readonly job: Job
  readonly bytes: number
}

type Deliver<Result> = (outcome: BatchOutcome<Result>) => void

/** What the parts of a batch work with. */
interface Work<Plan extends ImagePlan, Result> {
  readonly task: ImageTask<ImageRequest, Plan, Result>
  readonly plan: Plan
  readonly deliver: Deliver<Result>
}

/**
 * Answers many images. Each outcome is delivered as soon as it is known; one bad image fails alone. What
 * concerns all of them (no such model, an unknown label, a signature that is not understood) is thrown instead.
 */
export async function answerBatch<Options extends ImageRequest, Plan extends ImagePlan, Result>(
  task: ImageTask<Options, Plan, Result>,
  uploads: readonly BatchUpload[],
  options: Options,
  deadline: Deadline,
  deliver: Deliver<Result>,
): Promise<void> {
  const pending = new Map(uploads.map((upload, index) => [index, { index, upload }]))
  let secondTry = false
  await task.withPlan(options, deadline, async (plan) => {
    let suspect: unknown
    const settle: Deliver<Result> = (outcome) => {
      // What a stale signature explains is kept back: withPlan reads it again and runs the rest once more.
      if (!secondTry && 'error' in outcome && isSignatureSuspect(outcome.error)) {
        suspect = outcome.error
        return
      }
      pending.delete(outcome.index)
      deliver(outcome)
    }
    const chunks = toChunks([...pending.values()])
    const workers = Array.from({ length: CHUNKS_AT_ONCE }, async () => {
      for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
        await answerChunk(chunk, { task, plan, deliver: settle })
      }
    })
    await Promise.all(workers)
    secondTry = true
    if (suspect !== undefined) throw suspect
  })
}

function toChunks(items: readonly Item[]): Item[][] {
  const chunks: Item[][] = []
  for (let at = 0; at < items.length; at += CHUNK) chunks.push(items.slice(at, at + CHUNK))
  return chunks
}

async function answerChunk<Plan extends ImagePlan, Result>(
  chunk: readonly Item[],
  work: Work<Plan, Result>,
): Promise<void> {
  const { plan, deliver } = work
  const { pipeline } = work.task
  const opened: Opened[] = []
  const open = async ({ index, upload }: Item) => {
    try {
      if (upload.problem !== null) throw upload.problem
      const job = await pipeline.open(upload.bytes, plan.deadline)
      opened.push({ index, job, bytes: pipeline.inputs.callBytes(job, plan) })
    } catch (error) {
      deliver({ index, error })
    }
  }
  await Promise.all(chunk.map(open))
  for (const pack of toPacks(opened, pipeline.maxCallBytes / PACKS_IN_MEMORY)) {
    const jobs = pack.map(({ job }) => job)
    await pipeline.withCallMemory(jobs, plan, () => answerPack(pack, work))
  }
}

/** Divides images into packs of at most so many bytes; what is larger than that goes alone. */
function toPacks(opened: readonly Opened[], maxBytes: number): Opened[][] {
  const packs: Opened[][] = []
  let held = Number.POSITIVE_INFINITY
  for (const it of opened.toSorted((one, other) => one.index - other.index)) {
    if (held + it.bytes > maxBytes) {
      packs.push([])
      held = 0
    }
    packs.at(-1)!.push(it)
    held += it.bytes
  }
  return packs
}

/** Decodes images and predicts those of one size together. */
async function answerPack<Plan extends ImagePlan, Result>(
  pack: readonly Opened[],
  work: Work<Plan, Result>,
): Promise<void> {
  const { task, plan, deliver } = work
  const groups = new Map<string, { index: number; job: PreparedJob }[]>()
  const prepare = async ({ index, job: opened }: Opened) => {
    try {
      const job = await task.pipeline.inputs.prepare(opened, plan)
      const { width, height } = job.input.size
      // Where a call carries one image there is nothing to wait for.
      const alone = plan.signature.maxBatch === 1 || job.views !== undefined
      const key = alone ? `${index}` : `${width}x${height}`
      groups.set(key, [...(groups.get(key) ?? []), { index, job }])
    } catch (error) {
      deliver({ index, error })
    }
  }
  await Promise.all(pack.map(prepare))
  await Promise.all([...groups.values()].map((group) => predictGroup(group, work)))
}

/** Sends one group; where it is refused or its answer is too large, every image is tried alone. */
async function predictGroup<Plan extends ImagePlan, Result>(
  group: readonly { index: number; job: PreparedJob }[],
  work: Work<Plan, Result>,
): Promise<void> {
  const { task, plan, deliver } = work
  try {
    const results = await task.predict(
      group.map(({ job }) => job),
      plan,
    )
    results.forEach((result, at) => {
      deliver({ index: group[at]!.index, result })
    })
  } catch (error) {
    if (group.length > 1 && isTriedAlone(error)) {
      await Promise.all(group.map((one) => predictGroup([one], work)))
    } else {
      for (const { index } of group) deliver({ index, error })
    }
  }
}
