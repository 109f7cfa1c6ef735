/**
 * Runs work on items, so many at a time, and hands the results on one by one in the order of the items. The work is never
 * far ahead of what was handed on, so that one slow item does not pile up the results of all others. Rejects with the
 * first error, after what was under way has ended; `work` should not fail for what concerns one item alone.
 */
export async function inOrder<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<Result>,
  deliver: (result: Result) => Promise<void>,
): Promise<void> {
  const ahead = concurrency * 8
  const pending: Promise<Result>[] = []
  let running = 0
  let failed = false
  const waiting: (() => void)[] = []
  const limited = async (item: Item): Promise<Result> => {
    if (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      if (failed) throw new Error('stopped')
      return await work(item)
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
  const begin = (item: Item) => {
    const result = limited(item)
    // It is awaited in its turn; until then nobody else hears of it.
    result.catch(() => {})
    pending.push(result)
  }
  let next = 0
  try {
    while (next < items.length || pending.length > 0) {
      while (next < items.length && pending.length < ahead) begin(items[next++]!)
      await deliver(await pending.shift()!)
    }
  } catch (error) {
    failed = true
    await Promise.allSettled(pending)
    throw error
  }
}
