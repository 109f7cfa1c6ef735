/** What can be completed after a command: its options, the words that an option takes, and whether it takes files. */
export interface Completable {
  readonly about: string
  readonly options: readonly string[]
  /** Words after an option, or after the command itself by the name `''`. */
  readonly words?: Readonly<Record<string, readonly string[]>>
}

const GATEWAY = ['--url', '--api-key']

/** Every command with what can be written after it; a test compares it with the commands' own help. */
export const COMPLETIONS: Readonly<Record<string, Completable>> = {
  serve: { about: 'run the gateway', options: ['--check', '--help'] },
  detect: {
    about: 'find objects in pictures',
    options: [
      ...GATEWAY,
      '--format',
      '--output',
      '--resume',
      '--force',
      '--shard',
      '--pictures',
      '--picture-format',
      '--concurrency',
      '--model',
      '--model-version',
      '--min-score',
      '--labels',
      '--exclude-labels',
      '--max-detections',
      '--iou-threshold',
      '--tiles',
      '--overlap',
      '--help',
    ],
    words: {
      '--format': ['table', 'jsonl', 'csv', 'coco'],
      '--picture-format': ['jpeg', 'png', 'webp'],
    },
  },
  classify: {
    about: 'say what pictures show',
    options: [
      ...GATEWAY,
      '--format',
      '--output',
      '--resume',
      '--force',
      '--shard',
      '--concurrency',
      '--model',
      '--model-version',
      '--min-score',
      '--labels',
      '--exclude-labels',
      '--top-k',
      '--help',
    ],
    words: { '--format': ['table', 'jsonl', 'csv'] },
  },
  models: { about: 'list models and their labels', options: [...GATEWAY, '--json', '--help'] },
  export: {
    about: 'turn a trained model into a version',
    options: [
      '--name',
      '--version',
      '--repository',
      '--labels',
      '--input',
      '--variables',
      '--checkpoint',
      '--pipeline',
      '--moving-averages',
      '--warmup',
      '--base-path',
      '--force',
      '--if-empty',
      '--help',
    ],
    words: { '--input': ['pixels', 'encoded'], '--moving-averages': ['on', 'off'] },
  },
  inspect: { about: 'tell what a model holds', options: ['--pipeline', '--json', '--help'] },
  warmup: { about: 'write warm-up requests', options: ['--version', '--repository', '--help'] },
  doctor: {
    about: 'tell what fits and what does not',
    options: [
      '--target',
      '--protocol',
      '--model',
      '--repository',
      '--photo',
      '--timeout-ms',
      '--json',
      '--help',
    ],
    words: { '--protocol': ['tf-serving', 'oip'] },
  },
  key: { about: 'make an API key', options: ['--help'] },
  healthcheck: { about: 'ask whether the gateway lives', options: ['--help'] },
  'serve-embedded': {
    about: 'run the embedded model server',
    options: ['--host', '--port', '--help'],
  },
  completion: {
    about: 'print completion for a shell',
    options: ['--help'],
    words: { '': ['bash', 'zsh', 'fish'] },
  },
}
