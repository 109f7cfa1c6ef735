import t from 'tap'
import { renderRun, type TextRun } from '../../../src/imaging/text-run.js'

function inkOf(run: TextRun): number {
  return run.coverage.reduce((sum, value) => sum + (value > 127 ? 1 : 0), 0)
}

function isSame(one: TextRun, other: TextRun): boolean {
  return one.width === other.width && Buffer.compare(one.coverage, other.coverage) === 0
}

/** Tells whether a run is the framed box with digits that stands for a character which no font has. */
function isMissingGlyph(run: TextRun, missing: TextRun): boolean {
  return run.width === missing.width && run.height === missing.height
}

t.test('renderRun()', async (t) => {
  t.test('has glyphs for the scripts of the world', async (t) => {
    const missing = await renderRun('\u0378', 40)
    for (const [script, characters] of Object.entries({
      latin: 'ABß',
      cyrillic: 'ЖЯд',
      greek: 'ΩλΔ',
      arabic: 'كبح',
      hebrew: 'אבש',
      devanagari: 'कखग',
      bengali: 'কখগ',
      tamil: 'கஙச',
      thai: 'กขค',
      khmer: 'កខគ',
      georgian: 'აბგ',
      ethiopic: 'ሀለሐ',
      han: '犬猫龥',
      kana: 'あアン',
      hangul: '강아힣',
      emoji: '🐶🚗🛹',
    })) {
      const runs = await Promise.all([...characters].map((character) => renderRun(character, 40)))
      for (const [index, run] of runs.entries()) {
        t.ok(inkOf(run) > 20, `${script} ${index} has ink`)
        t.notOk(isMissingGlyph(run, missing), `${script} ${index} is in a font`)
        t.notOk(
          isSame(run, runs[(index + 1) % runs.length]!),
          `${script} ${index} has its own shape`,
        )
      }
    }
  })

  t.test('joins the letters of cursive scripts', async (t) => {
    const joined = await renderRun('كلب', 40)
    const apart = await renderRun('ك ل ب', 40)
    t.ok(joined.width < apart.width * 0.8)
    t.notOk(isSame(joined, await renderRun('بلك', 40)))
  })

  t.test('draws markup as text', async (t) => {
    const markup = await renderRun('<b>&amp;</b>', 40)
    const less = await renderRun('<', 40)
    const bold = await renderRun('b', 40)
    t.ok(markup.width > 5 * less.width)
    t.ok(inkOf(markup) > inkOf(bold))
    for (const text of ['<b>&', '&lt', '</span>\'"', '&#0;']) {
      t.ok(inkOf(await renderRun(text, 20)) > 0, text)
    }
  })

  t.test('puts letters with and without descenders on one line', async (t) => {
    const flat = await renderRun('one', 40)
    const deep = await renderRun('gypsy', 40)
    t.ok(deep.height - deep.ascent > 5)
    t.ok(flat.height - flat.ascent <= 2)
  })

  t.test('gives an empty run for text without ink', async (t) => {
    for (const text of ['', ' ', '\u200d']) {
      t.equal((await renderRun(text, 20)).width, 0, JSON.stringify(text))
    }
  })

  t.test('answers a repeated text from the cache, which is bounded', async (t) => {
    const first = renderRun('cached', 20)
    t.equal(renderRun('cached', 20), first)
    await first
    for (let size = 150; size < 190; size++) await renderRun('a long label to fill the cache', size)
    t.not(renderRun('cached', 20), first)
  })
})
