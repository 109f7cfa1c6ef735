import { serve } from './commands/serve.js'

try {
  await serve(process.env)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
