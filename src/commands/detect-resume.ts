import { createReadStream } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { createInterface } from 'node:readline'

/** The file of a line that holds an answer; `undefined` for a torn line and for one that tells of a failure. */
function answeredFile(line: string): string | undefined {
  try {
    const record = JSON.parse(line) as { file?: unknown; error?: unknown; detections?: unknown }
    const isAnswer = record.error === undefined && Array.isArray(record.detections)
    return isAnswer && typeof record.file === 'string' ? record.file : undefined
  } catch {
    return undefined
  }
}

/**
 * Reads what an earlier run has written and leaves only whole answers in it, so that torn lines are healed and files that
 * failed are tried again. Returns the files that are done; none where there is no such output yet.
 */
export async function resumeFrom(output: string): Promise<Set<string>> {
  const done = new Set<string>()
  const existing = await open(output, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (existing === undefined) return done
  await existing.close()
  // Written beside and renamed: whoever pulls the plug has the one or the other.
  const healed = `${output}.healing`
  const target = await open(healed, 'w')
  try {
    let block = ''
    for await (const line of createInterface({ input: createReadStream(output), crlfDelay: 0 })) {
      const file = answeredFile(line)
      if (file === undefined || done.has(file)) continue
      done.add(file)
      block += `${line}\n`
      if (block.length < 1 << 16) continue
      await target.write(block)
      block = ''
    }
    await target.write(block)
    await target.sync()
  } finally {
    await target.close()
  }
  await rename(healed, output)
  return done
}
