import { COMPLETIONS, type Completable } from './completion-table.js'

const HELP = `Usage: detection-gateway completion bash|zsh|fish

Prints what makes the shell complete commands, options and their words.

  bash   detection-gateway completion bash > ~/.local/share/bash-completion/completions/detection-gateway
  zsh    detection-gateway completion zsh > "\${fpath[1]}/_detection-gateway"
  fish   detection-gateway completion fish > ~/.config/fish/completions/detection-gateway.fish`

const commands = Object.entries(COMPLETIONS)

function wordsOf({ words = {} }: Completable): [option: string, words: readonly string[]][] {
  return Object.entries(words)
}

function bash(): string {
  const cases = commands.map(([name, command]) => {
    const afterOption = wordsOf(command)
      .filter(([option]) => option !== '')
      .map(([option, words]) => `        ${option}) words="${words.join(' ')}" ;;`)
    const own = [...(command.words?.[''] ?? []), ...command.options].join(' ')
    return `    ${name})
      case "$previous" in
${[...afterOption, `        *) words="${own}" ;;`].join('\n')}
      esac
      ;;`
  })
  return `_detection_gateway() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(([name]) => name).join(' ')} --help --version" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  # Whatever is no option may be a file, which the shell completes when there is no word.
  if [[ "$current" == -* || "$words" != -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -o default -F _detection_gateway detection-gateway
`
}

function zsh(): string {
  const described = commands.map(([name, { about }]) => `    '${name}:${about}'`)
  const cases = commands.map(([name, command]) => {
    const options = command.options.map((option) => {
      const words = command.words?.[option]
      return words === undefined ? `'${option}'` : `'${option}:word:(${words.join(' ')})'`
    })
    const words = command.words?.['']
    const rest = words === undefined ? `'*:file:_files'` : `'1:word:(${words.join(' ')})'`
    return `    ${name}) _arguments ${[...options, rest].join(' ')} ;;`
  })
  return `#compdef detection-gateway
_detection_gateway() {
  local -a commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT -= 1 ))
  case $command in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = _detection-gateway ]; then _detection_gateway "$@"; else compdef _detection_gateway detection-gateway; fi
`
}

function fish(): string {
  const lines = commands.flatMap(([name, command]) => {
    const seen = `-n '__fish_seen_subcommand_from ${name}'`
    const options = command.options.map((option) => {
      const words = command.words?.[option]
      const takes = words === undefined ? '' : ` -x -a '${words.join(' ')}'`
      return `complete -c detection-gateway ${seen} -l ${option.slice(2)}${takes}`
    })
    const words = command.words?.['']
    return [
      `complete -c detection-gateway -n __fish_use_subcommand -f -a ${name} -d '${command.about}'`,
      ...(words === undefined
        ? []
        : [`complete -c detection-gateway ${seen} -f -a '${words.join(' ')}'`]),
      ...options,
    ]
  })
  return `${lines.join('\n')}\n`
}

const SHELLS: Readonly<Record<string, () => string>> = { bash, zsh, fish }

/** Prints the completion of a shell. */
export async function completion(args: readonly string[]): Promise<void> {
  const [shell = '--help'] = args
  if (shell === '--help') return console.log(HELP)
  const write = SHELLS[shell]
  if (write === undefined) throw new Error(`There is no completion for "${shell}"; see --help`)
  process.stdout.write(write())
}
