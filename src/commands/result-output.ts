import { open } from 'node:fs/promises'

/** Where results go. */
export interface ResultOutput {
  /** Resolves when the text is taken, so that a slow reader slows the work down. */
  write(text: string): Promise<void>
  close(): Promise<void>
}

function writeStandardOutput(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
  })
}

/** Opens a file to write results into, each at once, or the standard output. A file that is there is not overwritten. */
export async function openOutput(
  path: string | undefined,
  { append, force }: { readonly append: boolean; readonly force: boolean },
): Promise<ResultOutput> {
  if (path === undefined) return { write: writeStandardOutput, close: async () => {} }
  const flags = append ? 'a' : force ? 'w' : 'wx'
  const file = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
    throw new Error(`${path} is there already: --resume goes on with it, --force writes it anew`)
  })
  return {
    write: async (text) => {
      if (text !== '') await file.appendFile(text)
    },
    close: () => file.close(),
  }
}
