import t from 'tap'
import { keyLine } from '../../src/access/api-key.js'
import {
  detections,
  detector,
  PERSON,
  ready,
  start,
  untilGauge,
} from '../integration/gateway/harness.js'
import {
  checkAccess,
  fixture,
  INSECURE_HOST,
  listed,
  NO_BROWSER,
  openPage,
  startBrowser,
} from './browser.js'

t.test('the page', { skip: NO_BROWSER }, async (t) => {
  const { url } = await start(t)
  await ready(url)
  const browser = await startBrowser(t)

  for (const dark of [false, true]) {
    t.test(`keeps nobody out, ${dark ? 'dark' : 'light'}`, async (t) => {
      const { page } = await openPage(t, browser, url, { dark })
      await page.locator('#model:enabled').waitFor()
      await checkAccess(t, page, 'empty')
      const photo = { name: 'x.txt', mimeType: 'text/plain', buffer: Buffer.from('no photo') }
      await page.setInputFiles('#files', photo)
      await page.locator('#failure').waitFor()
      await checkAccess(t, page, 'an error')
      await page.setInputFiles('#files', fixture('coffee'))
      await page.locator('#list button').first().waitFor()
      await page.locator('.chip').first().click()
      await page.locator('#key-button').click()
      await checkAccess(t, page, 'photos, a hidden label, the field for the key')
    })
  }

  t.test('fits a phone', async (t) => {
    const { page } = await openPage(t, browser, url, { phone: true })
    await page.setInputFiles('#files', [fixture('coffee'), fixture('chelsea')])
    await page.locator('#progress-text', { hasText: '2 of 2' }).waitFor()
    t.equal(await page.evaluate('document.documentElement.scrollWidth'), 360, 'nothing sticks out')
    const heights = await page
      .locator('button:visible')
      .evaluateAll((buttons) => buttons.map((it) => it.getBoundingClientRect().height))
    t.ok(Math.min(...heights) >= 40, 'buttons for fingers')
  })

  t.test('looks at the camera by a stream until it is stopped', async (t) => {
    const { page, calls, sockets } = await openPage(t, browser, url)
    await page.locator('#model:enabled').waitFor()
    const before = calls.length
    await page.locator('#empty [data-camera]').click()
    await page.locator('#fps', { hasText: /^[1-9]\d*\.\d frames a second/ }).waitFor()
    t.match(await listed(page), ['dog 90%', 'person 60%'])
    t.equal(await page.evaluate('document.activeElement.id'), 'stop-camera')
    t.strictSame(sockets, [{ path: '/v1/detect/stream', isOpen: true }])
    await page.keyboard.press('Enter')
    t.ok(await page.locator('#empty').isVisible())
    t.equal(await page.evaluate('document.getElementById("video").srcObject'), null)
    await untilGauge(url, 'streams_open', 0)
    t.equal(calls.length, before, 'no frame was a request of its own')
  })

  t.test('says why there is no camera, and copies, where the context is not secure', async (t) => {
    const insecure = url.replace('127.0.0.1', INSECURE_HOST)
    const { page } = await openPage(t, browser, insecure)
    t.equal(await page.evaluate('isSecureContext'), false)
    t.match(await page.locator('#camera-reason').textContent(), /needs HTTPS/)
    t.equal(await page.locator('[data-camera]:visible').count(), 0)
    await page.setInputFiles('#files', fixture('coffee'))
    await page.locator('#copy-json:enabled').click()
    await page.locator('#status', { hasText: 'JSON copied' }).waitFor({ state: 'attached' })
  })

  t.test('says that the gateway cannot be reached, and tries again', async (t) => {
    const { page } = await openPage(t, browser, url)
    await page.locator('#model:enabled').waitFor()
    await page.route('**/v1/detect', (route) => route.abort('connectionrefused'))
    await page.setInputFiles('#files', fixture('coffee'))
    await page.locator('#failure').waitFor()
    t.match(await page.locator('#failure-facts').textContent(), 'connection_failed')
    await page.unrouteAll()
    await page.locator('#retry').click()
    await page.locator('#list button').first().waitFor()
    t.notOk(await page.locator('#failure').isVisible())
  })
})

t.test('the camera of a gateway without streams', { skip: NO_BROWSER }, async (t) => {
  const { url } = await start(t, { env: { MAX_STREAMS: '0' } })
  await ready(url)
  const browser = await startBrowser(t)
  const { page, sockets } = await openPage(t, browser, url)
  let underWay = 0
  let most = 0
  let frames = 0
  await page.route('**/v1/detect', async (route) => {
    underWay += 1
    frames += 1
    most = Math.max(most, underWay)
    const response = await route.fetch()
    // Longer than the camera takes for the next frames.
    await page.evaluate(
      'new Promise((resolve) => document.getElementById("video").requestVideoFrameCallback(resolve))',
    )
    underWay -= 1
    await route.fulfill({ response })
  })
  await page.locator('#empty [data-camera]').click()
  await page.locator('#fps', { hasText: /^[1-9]\d*\.\d frames a second$/ }).waitFor()
  t.match(await listed(page), ['dog 90%', 'person 60%'])
  await page.locator('#stop-camera').click()
  await page.waitForLoadState('networkidle')
  const stopped = frames
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))')
  t.equal(frames, stopped, 'no frame is sent any more')
  t.ok(frames > 1)
  t.equal(most, 1, 'one frame at a time')
  t.equal(sockets.length, 1, 'after one attempt')
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

t.test('the camera before a slow model, and before another', { skip: NO_BROWSER }, async (t) => {
  const slow = detector({
    predict: async ({ inputs }) => {
      await new Promise((resolve) => setTimeout(resolve, 150))
      return detections([PERSON], Object.values(inputs)[0]!.shape[0] ?? 1)
    },
  })
  const card = { task: 'object-detection', labels: { 1: 'tree' } }
  let broken = false
  const trees = detector({
    name: 'trees',
    predict: () => {
      if (broken) throw new Error('broken')
      return detections([{ ...PERSON, score: 0.8 }])
    },
  })
  const { url } = await start(t, {
    models: [slow, trees],
    repository: { 'trees/model.json': JSON.stringify(card) },
    env: { DEFAULT_MODEL: 'ssdlite_mobilenet_v2_coco' },
  })
  await ready(url)
  const browser = await startBrowser(t)
  const { page, sockets } = await openPage(t, browser, url)
  await page.locator('#model:enabled').waitFor()
  await page.locator('#empty [data-camera]').click()
  await page.locator('#fps', { hasText: /^[1-9]\.\d frames a second, [1-9]\d* dropped$/ }).waitFor()
  t.strictSame(await listed(page), ['person 60%'])
  await page.locator('#model').selectOption('trees')
  await page.locator('#list button', { hasText: '80%' }).waitFor()
  broken = true
  await page.locator('#failure').waitFor()
  broken = false
  await page.locator('#failure').waitFor({ state: 'hidden' })
  t.strictSame(sockets, [{ path: '/v1/detect/stream', isOpen: true }], 'all by one stream')
  await page.locator('#stop-camera').click()
})

t.test('another model looks at the same photos', { skip: NO_BROWSER }, async (t) => {
  const card = { task: 'object-detection', labels: { 1: 'tree' } }
  const tree = { ...PERSON, score: 0.8 }
  const { url } = await start(t, {
    models: [detector(), detector({ name: 'trees', predict: () => detections([tree]) })],
    repository: { 'trees/model.json': JSON.stringify(card) },
    env: { DEFAULT_MODEL: 'ssdlite_mobilenet_v2_coco' },
  })
  await ready(url)
  const browser = await startBrowser(t)
  const { page } = await openPage(t, browser, url)
  await page.setInputFiles('#files', fixture('coffee'))
  await page.locator('#list button', { hasText: '90%' }).waitFor()
  t.match(await page.locator('#facts').textContent(), 'ssdlite_mobilenet_v2_coco')
  await page.locator('#model').selectOption('trees')
  await page.locator('#facts', { hasText: 'trees' }).waitFor()
  t.strictSame(await listed(page), ['tree 80%'])
  await page.locator('#version').selectOption('1')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.locator('#copy-curl').click()
  await page.locator('#status', { hasText: 'Command copied' }).waitFor({ state: 'attached' })
  t.match(
    await page.evaluate('navigator.clipboard.readText()'),
    "-F 'model=trees' -F 'version=1' -F 'min_score=0.5'",
  )
})

t.test('the page of a gateway with keys', { skip: NO_BROWSER }, async (t) => {
  const { url } = await start(t, { env: { API_KEYS: keyLine('somebody', 'right-key') } })
  const browser = await startBrowser(t)
  const { page, calls, sockets } = await openPage(t, browser, url)
  const use = async (key: string) => {
    await page.locator('#key').fill(key)
    await page.keyboard.press('Enter')
  }
  await page.locator('#notice', { hasText: 'asks for an API key' }).waitFor()
  t.equal(await page.evaluate('document.activeElement.id'), 'key')
  await use('wrong-key')
  await page.locator('#notice', { hasText: 'not one of this gateway' }).waitFor()
  await use('right-key')
  await page.locator('#model:enabled').waitFor()
  t.notOk(await page.locator('#notice').isVisible())
  t.notOk(await page.locator('#key-form').isVisible())

  await page.locator('#empty [data-camera]').click()
  await page.locator('#fps', { hasText: /^[1-9]/ }).waitFor()
  t.ok(sockets[0]?.isOpen, 'the camera has a stream')
  t.notOk(calls.includes('POST /v1/detect'))
  await page.locator('#stop-camera').click()

  await page.setInputFiles('#files', fixture('coffee'))
  await page.locator('#list button').first().waitFor()
  await page.reload()
  await page.locator('#model:enabled').waitFor()
  t.pass('kept for the session of the browser')
  await page.locator('#key-button').click()
  await page.locator('#key-forget').click()
  await page.locator('#notice', { hasText: 'asks for an API key' }).waitFor()
  t.equal(await page.evaluate('sessionStorage.length'), 0)
})
