import { existsSync } from 'node:fs'
import { serve } from './commands/serve.js'

try {
  if (existsSync('.env')) process.loadEnvFile()
  await serve(process.env, process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
