import { createReadStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'

/** The file of a line that holds an answer; `undefined` for a torn line and for one that tells of a failure. */
function answeredFile(line: string, answer: string): string | undefined {
  let record: Readonly<Record<string, unknown>>
  try {
    record = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof record?.file !== 'string' || record.error !== undefined) return undefined
  if (Array.isArray(record[answer])) return record.file
  // Healing would throw it away, and it is whole.
  throw new Error(`it holds answers of another command (without "${answer}")`)
}

/**
 * Reads what an earlier run has written and leaves only whole answers in it, so that torn lines are healed and files that
 * failed are tried again. Returns the files that are done; none where there is no such output yet. `answer` names what each
 * answer of the command has. Rejects, and leaves the output as it is, where it holds answers of another command.
 */
export async function resumeFrom(output: string, answer: string): Promise<Set<string>> {
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
      const file = answeredFile(line, answer)
      if (file === undefined || done.has(file)) continue
      done.add(file)
      block += `${line}\n`
      if (block.length < 1 << 16) continue
      await target.write(block)
      block = ''
    }
    await target.write(block)
    await target.sync()
  } catch (error) {
    await rm(healed, { force: true })
    throw new Error(`--resume cannot go on with ${output}: ${(error as Error).message}`, {
      cause: error,
    })
  } finally {
    await target.close()
  }
  await rename(healed, output)
  return done
}
