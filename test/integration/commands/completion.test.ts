import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { COMPLETIONS } from '../../../src/commands/completion-table.js'
import { run } from '../export/cli.js'

t.test('every command and option that help names can be completed, and no other', async (t) => {
  const folder = t.testdir({})
  const overview = (await run(t, folder, ['--help'])).stdout
  const named = [...overview.matchAll(/^ {2}([a-z][a-z-]+) /gm)].map(([, name]) => name!)
  const commands = new Set(named.filter((name) => name !== 'detection-gateway'))
  t.strictSame([...commands].sort(), Object.keys(COMPLETIONS).sort())
  const withHelp = Object.entries(COMPLETIONS).filter(([, { options }]) =>
    options.includes('--help'),
  )
  const helps = await Promise.all(withHelp.map(([name]) => run(t, folder, [name, '--help'])))
  for (const [i, { code, stdout }] of helps.entries()) {
    const [name, { options }] = withHelp[i]!
    const written = [...stdout.matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => option!)
    t.equal(code, 0)
    if (name === 'completion') continue
    t.strictSame([...options].sort(), [...new Set(written)].sort(), name)
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
