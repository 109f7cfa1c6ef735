import type { Page } from 'playwright-core'
import sharp from 'sharp'
import t from 'tap'
import { type Script, scriptedModel } from '../../src/embedded/scripted-model.js'
import type { ServedModel } from '../../src/embedded/served-model.js'
import {
  detector,
  form,
  photo,
  post,
  ready,
  start,
  untilGauge,
} from '../integration/gateway/harness.js'
import { checkAccess, fixture, listed, NO_BROWSER, openPage, startBrowser } from './browser.js'

const BYTES: Script['inputs'] = { inputs: { dtype: 'DT_STRING', shape: [-1] } }
const SCORES = [0.01, 0.004, 0.72, 0.15, 0.05, 0.03, 0.036]
const NAMES = ['ape', 'bee', 'cat', 'dog', 'elk', 'fox', 'a long-eared jerboa of the Gobi desert']

/** A classifier that is asked by Predict, and gives the same scores for each picture. */
const animals = scriptedModel({
  name: 'animals',
  inputs: { keras_tensor: { dtype: 'DT_FLOAT', shape: [-1, 8, 8, 3] } },
  outputs: { output_0: { dtype: 'DT_FLOAT', shape: [-1, SCORES.length] } },
  predict: ({ inputs }) => {
    const count = Object.values(inputs)[0]!.shape[0] ?? 1
    const data = Float32Array.from(Array.from({ length: count }, () => SCORES).flat())
    return { output_0: { dtype: 'DT_FLOAT', shape: [count, SCORES.length], data } }
  },
})

/** A classifier that is asked by Classify. */
const birds: ServedModel = {
  ...scriptedModel({
    name: 'birds',
    method: 'tensorflow/serving/classify',
    inputs: BYTES,
    outputs: {
      classes: { dtype: 'DT_STRING', shape: [-1, 2] },
      scores: { dtype: 'DT_FLOAT', shape: [-1, 2] },
    },
    predict: {},
  }),
  classify: ({ examples }) =>
    examples.map(() => [
      { label: 'owl', score: 0.25 },
      { label: 'gull', score: 0.75 },
    ]),
}

const age: ServedModel = {
  ...scriptedModel({
    name: 'age',
    method: 'tensorflow/serving/regress',
    inputs: BYTES,
    outputs: { outputs: { dtype: 'DT_FLOAT', shape: [-1, 1] } },
    predict: {},
  }),
  regress: ({ examples }) => examples.map(() => 41.3),
}

const CARDS = {
  'animals/model.json': JSON.stringify({ task: 'image-classification', labels: NAMES }),
  'birds/model.json': JSON.stringify({ card_version: 1 }),
  'age/model.json': JSON.stringify({ card_version: 1 }),
  'pets/model.json': JSON.stringify({ labels: { 1: 'person', 18: 'dog' } }),
}

/** The classes of the list as they are read, each with the part of its bar that is filled. */
async function bars(page: Page): Promise<[string, number][]> {
  return await page.locator('#list .class').evaluateAll((items) =>
    items.map((it) => {
      const track = it.querySelector('.bar-track') as HTMLElement
      const length = (track.firstElementChild as HTMLElement).getBoundingClientRect().width
      const words = [...it.children]
        .map((part) => part.textContent)
        .join(' ')
        .trim()
      return [words, Math.round((length / track.getBoundingClientRect().width) * 100)]
    }),
  )
}

t.test('classifications on the page', { skip: NO_BROWSER }, async (t) => {
  const models = [animals, birds, age, detector({ name: 'pets' })]
  const { url } = await start(t, { models, repository: CARDS, env: { DEFAULT_MODEL: 'animals' } })
  await ready(url)
  const browser = await startBrowser(t)

  t.test('are bars, which are cut and filtered without a request', async (t) => {
    const { page, calls } = await openPage(t, browser, url)
    await page.locator('#model:enabled').waitFor()
    t.equal(await page.locator('#chips').isVisible(), false)
    await page.setInputFiles('#files', [fixture('coffee'), fixture('chelsea')])
    await page.locator('#progress-text', { hasText: '2 of 2' }).waitFor()
    t.strictSame(await bars(page), [
      ['cat 72.0%', 72],
      ['dog 15.0%', 15],
      ['elk 5.0%', 5],
      ['a long-eared jerboa of the Gobi desert 3.6%', 4],
      ['fox 3.0%', 3],
    ])
    t.equal(await page.locator('#count').textContent(), 'The best 5 classes')
    t.match(await page.locator('#status').textContent(), /^coffee\.jpg: cat 72\.0%$/)
    t.match(
      await page.locator('#facts').textContent(),
      /animals.*version.*1.*600 × 400.*predict.*ms/s,
    )
    t.strictSame(
      await page.locator('#strip button').evaluateAll((them) => them.map((it) => it.ariaLabel)),
      ['coffee.jpg: cat 72.0%', 'chelsea.jpg: cat 72.0%'],
    )
    t.equal(await page.locator('.box').count(), 0)
    t.notOk(await page.locator('#download').isVisible())

    const before = calls.length
    await page.locator('#top').selectOption('20')
    t.equal((await bars(page)).length, 7)
    t.strictSame((await bars(page)).at(-1), ['bee 0.4%', 0])
    await page.locator('#score').fill('4')
    t.strictSame(
      (await bars(page)).map(([it]) => it),
      ['cat 72.0%', 'dog 15.0%', 'elk 5.0%'],
    )
    await page.locator('#top').selectOption('1')
    t.strictSame(
      (await bars(page)).map(([it]) => it),
      ['cat 72.0%'],
    )
    await page.locator('#score').fill('80')
    t.match(await page.locator('#list-empty').textContent(), 'the best has 72.0%')
    t.equal(calls.length, before, 'without a request')
    t.strictSame([...new Set(calls)], ['GET /v1/models', 'POST /v1/classify'])
  })

  t.test('are taken along as JSON, and as a command that gets the same', async (t) => {
    const { page } = await openPage(t, browser, url)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const copied = () => page.evaluate('navigator.clipboard.readText()') as Promise<string>
    await page.locator('#model:enabled').waitFor()
    await page.setInputFiles('#files', fixture('coffee'))
    await page.locator('#top').selectOption('3')
    await page.locator('#score').fill('10')
    await page.locator('#copy-json:enabled').click()
    await page.locator('#status', { hasText: 'JSON copied' }).waitFor({ state: 'attached' })
    const { classifications } = JSON.parse(await copied())
    t.match(classifications, [
      { label: 'cat', class_id: 2 },
      { label: 'dog', class_id: 3 },
    ])
    t.equal(classifications.length, 2)

    await page.locator('#copy-curl').click()
    await page.locator('#status', { hasText: 'Command copied' }).waitFor({ state: 'attached' })
    t.equal(
      await copied(),
      `curl -F 'image=@"coffee.jpg"' -F 'model=animals' -F 'top_k=3' -F 'min_score=0.1' '${url}/v1/classify'`,
    )
    const fields = { model: 'animals', top_k: '3', min_score: '0.1' }
    const { body } = await post(`${url}/v1/classify`, form([await photo('coffee')], fields))
    t.strictSame(body.classifications, classifications, 'what the command asks')
  })

  t.test('go and come as models of other tasks are chosen', async (t) => {
    const { page, calls } = await openPage(t, browser, url)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.locator('#model:enabled').waitFor()
    await page.setInputFiles('#files', fixture('coffee'))
    await page.locator('#list .class').first().waitFor()
    await page.locator('#score').fill('20')

    await page.locator('#model').selectOption('birds')
    await page.locator('#facts', { hasText: 'birds' }).waitFor()
    t.strictSame(await bars(page), [
      ['gull 75.0%', 75],
      ['owl 25.0%', 25],
    ])

    await page.locator('#model').selectOption('pets')
    await page.locator('#list button').first().waitFor()
    t.strictSame(await listed(page), ['dog 90%', 'person 60%'])
    t.equal(await page.locator('#score-value').textContent(), '50%')
    t.equal(await page.locator('.box').count(), 2)
    t.equal(await page.locator('.chip').count(), 2)
    t.notOk(await page.locator('#top').isVisible())
    t.ok(await page.locator('#download').isVisible())

    await page.locator('#model').selectOption('age')
    await page.locator('#list .value').waitFor()
    t.equal(await page.locator('#list').textContent(), '41.3')
    t.equal(await page.locator('.box').count(), 0)
    t.notOk(await page.locator('#score').isVisible())
    await page.locator('#copy-curl').click()
    await page.locator('#status', { hasText: 'Command copied' }).waitFor({ state: 'attached' })
    t.match(
      await page.evaluate('navigator.clipboard.readText()'),
      `-F 'model=age' '${url}/v1/regress'`,
    )

    await page.locator('#model').selectOption('animals')
    await page.locator('#list .class').first().waitFor()
    t.equal(await page.locator('#score-value').textContent(), '20%', 'each task has its own')
    t.strictSame(calls.slice(1), [
      'POST /v1/classify',
      'POST /v1/classify',
      'POST /v1/detect',
      'POST /v1/regress',
      'POST /v1/classify',
    ])
  })

  t.test('of a camera come by requests, and its detections by a stream', async (t) => {
    const { page, calls, sockets } = await openPage(t, browser, url)
    await page.locator('#model:enabled').waitFor()
    await page.locator('#empty [data-camera]').click()
    await page.locator('#fps', { hasText: /^[1-9]\d*\.\d frames a second$/ }).waitFor()
    t.match(await bars(page), [['cat 72.0%', 72]])
    t.equal(sockets.length, 0)
    await page.locator('#model').selectOption('pets')
    await page.locator('#list button', { hasText: 'dog' }).waitFor()
    t.match(sockets, [{ path: '/v1/detect/stream', isOpen: true }])
    t.notOk(calls.includes('POST /v1/detect'))
    await page.locator('#model').selectOption('birds')
    await page.locator('#list .class', { hasText: 'gull' }).waitFor()
    await untilGauge(url, 'streams_open', 0)
    await page.locator('#stop-camera').click()
    t.ok(await page.locator('#empty').isVisible())
  })

  t.test('that do not come are told in words', async (t) => {
    const { page } = await openPage(t, browser, url)
    await page.locator('#model:enabled').waitFor()
    const text = { name: 'x.txt', mimeType: 'text/plain', buffer: Buffer.from('no photo') }
    await page.setInputFiles('#files', text)
    await page.locator('#failure', { hasText: 'expected one of jpeg, png, webp' }).waitFor()
    t.ok(await page.locator('#copy-curl').isDisabled())
  })

  t.test('are of a photo that the browser cannot show, and another model draws it', async (t) => {
    const { page } = await openPage(t, browser, url)
    await page.locator('#model:enabled').waitFor()
    const buffer = await sharp(fixture('coffee')).tiff().toBuffer()
    await page.setInputFiles('#files', { name: 'coffee.tif', mimeType: 'image/tiff', buffer })
    await page.locator('#photo').waitFor()
    t.equal(await page.evaluate('document.getElementById("photo").naturalWidth'), 600)
    t.match(await bars(page), [['cat 72.0%', 72]])
  })

  t.test('are asked for though the photo was here before the list of models', async (t) => {
    const { page } = await openPage(t, browser, url)
    let letGo = () => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    await page.route('**/v1/models', async (route) => {
      await held
      await route.continue()
    })
    await page.reload()
    await page.setInputFiles('#files', fixture('coffee'))
    await page.locator('#failure-facts', { hasText: 'task_mismatch' }).waitFor()
    letGo()
    await page.locator('#list .class').first().waitFor()
    t.notOk(await page.locator('#failure').isVisible())
  })

  for (const dark of [false, true]) {
    t.test(`keep nobody out, ${dark ? 'dark' : 'light'}`, async (t) => {
      const { page } = await openPage(t, browser, url, { dark })
      await page.locator('#model:enabled').waitFor()
      await page.setInputFiles('#files', [fixture('coffee'), fixture('chelsea')])
      await page.locator('#progress-text', { hasText: '2 of 2' }).waitFor()
      await checkAccess(t, page, 'bars')
      await page.locator('#model').selectOption('age')
      await page.locator('#list .value').waitFor()
      await checkAccess(t, page, 'a value')
    })

    t.test(`fit a phone, ${dark ? 'dark' : 'light'}`, async (t) => {
      const { page } = await openPage(t, browser, url, { phone: true, dark })
      await page.locator('#model:enabled').waitFor()
      await page.setInputFiles('#files', fixture('coffee'))
      await page.locator('#list .class').first().waitFor()
      t.equal(
        await page.evaluate('document.documentElement.scrollWidth'),
        360,
        'nothing sticks out',
      )
    })
  }
})

t.test(
  'a photo that nothing here can show is answered all the same',
  { skip: NO_BROWSER },
  async (t) => {
    const { url } = await start(t, {
      models: [animals],
      repository: { 'animals/model.json': CARDS['animals/model.json'] },
      env: { DEFAULT_MODEL: 'animals' },
    })
    await ready(url)
    const browser = await startBrowser(t)
    const { page } = await openPage(t, browser, url)
    await page.locator('#model:enabled').waitFor()
    const buffer = await sharp(fixture('coffee')).tiff().toBuffer()
    await page.setInputFiles('#files', { name: 'coffee.tif', mimeType: 'image/tiff', buffer })
    await page.locator('#unshown').waitFor()
    t.match(await bars(page), [['cat 72.0%', 72]])
    await page.setInputFiles('#files', fixture('coffee'))
    await page.locator('#photo').waitFor()
    t.notOk(await page.locator('#unshown').isVisible())
  },
)
