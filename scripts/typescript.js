// Loads TypeScript in the thread that imports this: `tsx` by itself does so in a process's main thread only, and the
// embedded model server has a worker.
import { register } from 'tsx/esm/api'

register()
