import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import type { DetectResponse } from '../client/client.js'
import type { DetectCommand } from './detect-options.js'
import { type AskAbout, FileProblem } from './file-asker.js'
import { STANDARD_INPUT } from './find-files.js'
import { systemProblem } from './system-problem.js'

/** Where the annotated picture of a file goes: its own path below the folder, with an ending that tells the truth. */
export function picturePath(folder: string, file: string, format: string): string {
  const parts = file.split(/[\\/]+/).filter((part) => part !== '' && part !== '.' && part !== '..')
  const path = file === STANDARD_INPUT ? 'stdin' : parts.join('/')
  const ending = extname(path).toLowerCase().slice(1)
  const fits = ending === format || (format === 'jpeg' && ending === 'jpg')
  return join(folder, fits ? path : `${path}.${format === 'jpeg' ? 'jpg' : format}`)
}

async function writePicture(path: string, picture: Blob): Promise<void> {
  const bytes = new Uint8Array(await picture.arrayBuffer())
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, bytes)
  } catch (cause) {
    const detail = `${path} cannot be written: ${systemProblem(cause)}`
    throw new FileProblem('picture_unwritable', detail)
  }
}

/** Finds the objects of one picture, and writes the annotated picture where the command wants it. */
export function askToDetect({ parameters, pictures }: DetectCommand): AskAbout<DetectResponse> {
  return async (pool, { file, image }, signal) => {
    const answer = await pool.ask((client) => client.detect(image, parameters, { signal }), signal)
    if (pictures === undefined) return answer
    const { folder, format } = pictures
    const picture = await pool.ask(
      (client) => client.detectFile(image, { ...parameters, format }, { signal }),
      signal,
    )
    const path = picturePath(folder, file, format)
    await writePicture(path, picture)
    return answer
  }
}
