import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { classify } from '../../../src/commands/classify.js'
import { completion } from '../../../src/commands/completion.js'
import { COMPLETIONS } from '../../../src/commands/completion-table.js'
import { detect } from '../../../src/commands/detect.js'
import { doctor } from '../../../src/commands/doctor.js'
import { exportModel } from '../../../src/commands/export.js'
import { healthcheck } from '../../../src/commands/healthcheck.js'
import { inspect } from '../../../src/commands/inspect.js'
import { key } from '../../../src/commands/key.js'
import { models } from '../../../src/commands/models.js'
import { serve } from '../../../src/commands/serve.js'
import { serveEmbedded } from '../../../src/commands/serve-embedded.js'
import { warmup } from '../../../src/commands/warmup.js'
import { run } from '../export/cli.js'

/** The commands that print a help of their own. */
const HELPFUL: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
  classify,
  completion,
  detect,
  doctor,
  export: exportModel,
  healthcheck: (args) => healthcheck({}, args),
  inspect,
  key,
  models,
  serve: (args) => serve({}, args),
  'serve-embedded': serveEmbedded,
  warmup,
}

t.test('every command and option that help names can be completed, and no other', async (t) => {
  const folder = t.testdir({})
  const overview = (await run(t, folder, ['--help'])).stdout
  const named = [...overview.matchAll(/^ {2}([a-z][a-z-]+) /gm)].map(([, name]) => name!)
  const commands = new Set(named.filter((name) => name !== 'detection-gateway'))
  t.strictSame([...commands].sort(), Object.keys(COMPLETIONS).sort())
  const withHelp = Object.entries(COMPLETIONS).filter(([, it]) => it.options.includes('--help'))
  t.strictSame(withHelp.map(([name]) => name).sort(), Object.keys(HELPFUL).sort())
  for (const [name, { options }] of withHelp) {
    const printed = t.capture(console, 'log')
    await HELPFUL[name]!(['--help'])
    printed.restore()
    const text = String(printed()[0]?.args[0])
    const written = [...text.matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => option!)
    if (name !== 'completion') t.strictSame([...new Set(written)].sort(), [...options].sort(), name)
  }
})

t.test('bash completes commands, options and words', async (t) => {
  const folder = t.testdir({})
  const { stdout } = await run(t, folder, ['completion', 'bash'])
  writeFileSync(join(folder, 'completion'), stdout)
  const complete = (...words: string[]) => {
    const script = `source ./completion; COMP_WORDS=("$@"); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
      _detection_gateway; printf '%s\\n' "\${COMPREPLY[@]}"`
    const ran = spawnSync('bash', ['-c', script, 'bash', 'detection-gateway', ...words], {
      cwd: folder,
      encoding: 'utf8',
    })
    t.equal(ran.stderr, '')
    return ran.stdout.split('\n').filter((word) => word !== '')
  }
  t.strictSame(complete('de'), ['detect'])
  t.strictSame(complete('detect', '--pic'), ['--pictures', '--picture-format'])
  t.strictSame(complete('detect', '--format', 'j'), ['jsonl'])
  t.strictSame(complete('completion', ''), ['bash', 'zsh', 'fish', '--help'])
  t.strictSame(complete('detect', ''), [], 'files are the shell’s')
})

t.test('zsh and fish get theirs, other shells a word', async (t) => {
  const folder = t.testdir({})
  const [zsh, fish, other] = await Promise.all(
    ['zsh', 'fish', 'cmd'].map((shell) => run(t, folder, ['completion', shell])),
  )
  t.match(zsh!.stdout, /^#compdef detection-gateway\n/)
  t.match(zsh!.stdout, "'--format:word:(table jsonl csv coco)'")
  t.match(
    fish!.stdout,
    "-n '__fish_seen_subcommand_from detect' -l format -x -a 'table jsonl csv coco'",
  )
  t.match(other, { code: 1, stderr: 'There is no completion for "cmd"; see --help\n' })
})

t.test(
  'an option that a command does not have is told with the one that may be meant',
  async (t) => {
    const folder = t.testdir({})
    const [typo, key, short] = await Promise.all([
      run(t, folder, ['detect', 'photos', '--labls', 'cat']),
      run(t, folder, ['key', '--name']),
      run(t, folder, ['-h']),
    ])
    t.match(typo, {
      code: 1,
      stderr: 'detect has no option "--labls", did you mean "--labels"?; see detect --help\n',
    })
    t.match(key, { code: 1, stdout: '', stderr: /^key has no option "--name"/ }, 'no key is made')
    t.match(short, { code: 0, stdout: /^detection-gateway \d/ })
  },
)
