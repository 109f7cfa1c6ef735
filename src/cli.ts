#!/usr/bin/env node
import { explainOption } from './commands/unknown-option.js'
import { suggestion } from './near-match.js'
import { VERSION } from './version.js'

const HELP = `detection-gateway ${VERSION}

Usage: detection-gateway COMMAND [OPTIONS]

Commands:
  serve            run the gateway; settings are environment variables (--check only checks them)
  detect           find objects in pictures, folders and patterns, through a gateway or by itself
  classify         say what pictures show, in the same way
  models           list the models of a gateway, and their labels
  export           turn a trained model into a version that TensorFlow Serving serves
  inspect          tell what a model, graph or checkpoint holds
  warmup           let TensorFlow Serving warm a version up with photos
  doctor           tell what fits and what does not between gateway and TensorFlow Serving
  key NAME         make an API key, and its line for API_KEYS_FILE
  healthcheck      ask the gateway of this machine whether it lives
  serve-embedded   run the embedded model server by itself
  completion       print completion for bash, zsh or fish

Examples:
  detection-gateway serve
  detection-gateway detect photos --pictures annotated
  detection-gateway detect photos -o results.jsonl --resume --url http://gateway:8080

COMMAND --help tells more. Exit codes: 0 all is well, 1 it is not, and why on the standard error; detect and
classify: 2 some files failed; 130 and 143 ended by a signal.

  --help, --version
`

type Command = (args: string[]) => Promise<void>

/** Commands are loaded when they are called: most need only a part of the program. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => {
    const { serve } = await import('./commands/serve.js')
    return (args) => serve(process.env, args)
  },
  'serve-embedded': async () => (await import('./commands/serve-embedded.js')).serveEmbedded,
  key: async () => (await import('./commands/key.js')).key,
  healthcheck: async () => {
    const { healthcheck } = await import('./commands/healthcheck.js')
    return (args) => healthcheck(process.env, args)
  },
  export: async () => (await import('./commands/export.js')).exportModel,
  inspect: async () => (await import('./commands/inspect.js')).inspect,
  warmup: async () => (await import('./commands/warmup.js')).warmup,
  doctor: async () => (await import('./commands/doctor.js')).doctor,
  detect: async () => (await import('./commands/detect.js')).detect,
  classify: async () => (await import('./commands/classify.js')).classify,
  models: async () => (await import('./commands/models.js')).models,
  completion: async () => (await import('./commands/completion.js')).completion,
}

async function main([name = '--help', ...args]: string[]): Promise<void> {
  if (name === '--version' || name === '-v') return console.log(VERSION)
  if (['--help', '-h', 'help'].includes(name)) return console.log(HELP)
  const command = COMMANDS[name]
  if (command === undefined) {
    const near = suggestion(name, Object.keys(COMMANDS))
    throw new Error(`There is no command "${name}"${near}; see --help`)
  }
  try {
    await (await command())(args)
  } catch (error) {
    throw explainOption(error, name)
  }
}

// Whoever reads from a pipe may stop reading, as head does: then there is nothing more to say.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode ||= 1
}
