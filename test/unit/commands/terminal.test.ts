import { PassThrough } from 'node:stream'
import t from 'tap'
import {
  formatBytes,
  formatMs,
  formatShape,
  formatTable,
  ProgressLine,
  wrapText,
} from '../../../src/commands/terminal.js'

t.test('words numbers for people', async (t) => {
  const bytes: [number, string][] = [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [99_940, '99.9 kB'],
    [99_960, '100 kB'],
    [999_600, '1.0 MB'],
    [18_150_788, '18.2 MB'],
    [3.2e9, '3.2 GB'],
    [5e15, '5000 TB'],
  ]
  for (const [value, text] of bytes) t.equal(formatBytes(value), text)
  const times: [number, string][] = [
    [0.4, '0 ms'],
    [85.2, '85 ms'],
    [1234, '1.2 s'],
    [185_000, '3 min 5 s'],
  ]
  for (const [value, text] of times) t.equal(formatMs(value), text)
  t.equal(formatShape([-1, 300, -1, 3]), '[?, 300, ?, 3]')
  t.equal(formatShape([]), '[]')
  t.equal(formatShape(null), '[...]')
})

t.test('formatTable() aligns texts to the left and columns of numbers to the right', async (t) => {
  const rows = [
    ['9.9 kB', 'a', '1'],
    ['12.3 MB', 'bcd', 'none'],
  ]
  t.strictSame(formatTable(rows), ['   9.9 kB  a    1', '  12.3 MB  bcd  none'])
  t.strictSame(formatTable([]), [])
})

t.test('wrapText() breaks between words and never inside one', async (t) => {
  const long = 'x'.repeat(120)
  const lines = wrapText(`${'word '.repeat(30)}${long} end`, '! ')
  t.ok(lines.every((line) => line.length <= 96 || line === `  ${long}`))
  t.equal(lines.map((line) => line.slice(2)).join(' '), `${'word '.repeat(30)}${long} end`)
  t.strictSame(wrapText('short', '- '), ['- short'])
})

t.test('ProgressLine', async (t) => {
  function stream(isTTY: boolean) {
    const output = Object.assign(new PassThrough(), { isTTY })
    return { line: new ProgressLine(output as unknown as NodeJS.WriteStream, () => 0), output }
  }

  t.test('draws over itself on a terminal, not too often, and goes', async (t) => {
    const { line, output } = stream(true)
    line.show('Writing', 0, 2000)
    line.show('Writing', 1000, 2000)
    line.show('Writing', 2000, 2000)
    line.clear()
    line.clear()
    t.equal(
      String(output.read()),
      '\r\u001b[KWriting 0 %  0 B of 2.0 kB\r\u001b[KWriting 100 %  2.0 kB of 2.0 kB\r\u001b[K',
    )
  })

  t.test('leaves the share out where the whole is unknown', async (t) => {
    const { line, output } = stream(true)
    line.show('Downloading', 5, undefined)
    t.equal(String(output.read()), '\r\u001b[KDownloading  5 B')
  })

  t.test('says nothing where there is no terminal', async (t) => {
    const { line, output } = stream(false)
    line.show('Writing', 1, 2)
    line.clear()
    t.equal(output.read(), null)
  })
})
