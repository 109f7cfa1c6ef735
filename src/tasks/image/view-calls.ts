import type { PreparedJob } from './image-job.js'
import { isTriedAlone } from './tried-alone.js'

/** Views in one call at most, as in a batch of images. */
const VIEWS_A_CALL = 8
/** Calls of one image under way at a time, where a call carries several views, and where it carries one. */
const CALLS_AT_ONCE = { several: 2, one: 8 }

/** Asks the model about views of one size, in their order. */
export type ViewCall<Answer> = (views: readonly PreparedJob[]) => Promise<readonly Answer[]>

interface Group {
  readonly places: number[]
  readonly views: PreparedJob[]
}

/** Views of one size, at most so many together. */
function toGroups(views: readonly PreparedJob[], most: number): Group[] {
  const open = new Map<string, Group>()
  const groups: Group[] = []
  for (const [place, view] of views.entries()) {
    const key = `${view.input.size.width}x${view.input.size.height}`
    let group = open.get(key)
    if (group === undefined || group.views.length === most) {
      group = { places: [], views: [] }
      open.set(key, group)
      groups.push(group)
    }
    group.places.push(place)
    group.views.push(view)
  }
  return groups
}

/**
 * Asks the model about all views of an image in as few calls as it allows, some of them at a time. Gives the answers in the
 * order of the views. Where a call of several is refused, each of its views is tried alone.
 */
export async function askInCalls<Answer>(
  views: readonly PreparedJob[],
  maxBatch: number,
  call: ViewCall<Answer>,
): Promise<Answer[]> {
  const most = Math.min(maxBatch, VIEWS_A_CALL)
  const groups = toGroups(views, most)
  const answers: Answer[] = []
  const worker = async () => {
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
      const { places } = group
      const found = await askTogether(group.views, call)
      found.forEach((answer, index) => {
        answers[places[index]!] = answer
      })
    }
  }
  const count = most === 1 ? CALLS_AT_ONCE.one : CALLS_AT_ONCE.several
  const stopping = Array.from({ length: count }, () =>
    worker().catch((error: unknown) => {
      groups.length = 0
      throw error
    }),
  )
  // The memory of the views is given back when this ends: no call may be under way then.
  const outcomes = await Promise.allSettled(stopping)
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return answers
}

async function askTogether<Answer>(
  views: readonly PreparedJob[],
  call: ViewCall<Answer>,
): Promise<readonly Answer[]> {
  try {
    return await call(views)
  } catch (error) {
    if (views.length === 1 || !isTriedAlone(error)) throw error
    const answers: Answer[] = []
    for (const view of views) answers.push(...(await call([view])))
    return answers
  }
}
