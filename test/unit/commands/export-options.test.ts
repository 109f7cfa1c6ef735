import t from 'tap'
import { parseExportArgs } from '../../../src/commands/export-options.js'

t.test('parseExportArgs()', async (t) => {
  t.test('fills in what is not said', async (t) => {
    t.strictSame(parseExportArgs(['demo']), {
      source: 'demo',
      name: 'ssdlite_mobilenet_v2_coco',
      version: undefined,
      repository: 'models',
      labels: undefined,
      input: undefined,
      variables: false,
      pipeline: undefined,
      movingAverages: undefined,
      warmUp: undefined,
      basePath: '/models',
      force: false,
      ifEmpty: false,
    })
  })

  const cases: { name: string; args: string[]; request: object }[] = [
    {
      name: 'every option',
      args: 'x.pb --name m --version 07 --repository r --labels l.txt --input encoded --variables --base-path /m/ --force --if-empty'.split(
        ' ',
      ),
      request: {
        source: 'x.pb',
        name: 'm',
        version: '7',
        repository: 'r',
        labels: 'l.txt',
        input: 'encoded',
        variables: true,
        basePath: '/m',
        force: true,
        ifEmpty: true,
      },
    },
    {
      name: 'photos behind --warmup, up to the next option',
      args: ['demo', '--warmup', 'a.jpg', 'b.jpg', '--force'],
      request: { warmUp: ['a.jpg', 'b.jpg'], force: true },
    },
    {
      name: 'a checkpoint of a training',
      args: '--checkpoint t/model.ckpt-7 --pipeline p.config --moving-averages on --name m'.split(
        ' ',
      ),
      request: { source: 't/model.ckpt-7', pipeline: 'p.config', movingAverages: true },
    },
    {
      name: 'without moving averages',
      args: ['demo', '--moving-averages', 'off'],
      request: { movingAverages: false },
    },
    { name: '--warmup without photos', args: ['demo', '--warmup'], request: { warmUp: [] } },
    { name: '--warmup=', args: ['demo', '--warmup=a.jpg'], request: { warmUp: ['a.jpg'] } },
    {
      name: 'a bucket as base path',
      args: ['demo', '--base-path', 's3://b/models/'],
      request: { basePath: 's3://b/models' },
    },
    {
      name: 'the root as base path',
      args: ['demo', '--base-path', '/'],
      request: { basePath: '/' },
    },
  ]
  for (const { name, args, request } of cases) t.match(parseExportArgs(args), request, name)

  t.equal(parseExportArgs(['--help']), undefined)

  const refused: { name: string; args: string[]; message: RegExp }[] = [
    { name: 'no source', args: ['--name', 'x'], message: /Name a source/ },
    { name: 'no name', args: ['x.pb'], message: /--name NAME/ },
    {
      name: 'two sources',
      args: ['a', 'b', '--name', 'x'],
      message: /One source at a time: a and b/,
    },
    { name: 'a name with a slash', args: ['a', '--name', 'x/y'], message: /--name "x\/y": / },
    { name: 'a name that climbs', args: ['a', '--name', '..'], message: /begin with a dot/ },
    { name: 'a version that is no number', args: ['demo', '--version', 'v1'], message: /"v1"/ },
    { name: 'an unknown form', args: ['demo', '--input', 'jpeg'], message: /pixels or encoded/ },
    {
      name: 'a switch',
      args: ['demo', '--moving-averages', 'yes'],
      message: /on or off, not "yes"/,
    },
    {
      name: 'a checkpoint beside a source',
      args: ['a', '--checkpoint', 'b', '--name', 'x'],
      message: /One source at a time: b and a/,
    },
    { name: 'a relative base path', args: ['demo', '--base-path', 'm'], message: /absolute path/ },
    { name: 'an unknown option', args: ['demo', '--nmae', 'x'], message: /--nmae/ },
  ]
  for (const { name, args, message } of refused) {
    t.throws(() => parseExportArgs(args), { message }, name)
  }
})
