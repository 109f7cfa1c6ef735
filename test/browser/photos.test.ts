import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import t from 'tap'
import { ready, startOn } from '../integration/gateway/harness.js'
import { fixture, listed, NO_BROWSER, openPage, startBrowser } from './browser.js'

const NO_PHOTO = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no photo') }

t.test('photos on the page', { skip: NO_BROWSER }, async (t) => {
  const { url } = await startOn(t, {})
  await ready(url)
  const browser = await startBrowser(t)

  t.test('a photo that is chosen is shown with its boxes, and filtered at once', async (t) => {
    const { page, calls } = await openPage(t, browser, url)
    await page.setInputFiles('#files', fixture('coffee'))
    await page.locator('#list button').first().waitFor()
    t.match((await listed(page))[0], /^cup 9\d%$/)
    t.match(await page.locator('#status').textContent(), /^coffee\.jpg: 2 objects$/)
    t.match(await page.locator('#facts').textContent(), /600 × 400.*predict.*ms/s)

    const photo = (await page.locator('#photo').boundingBox())!
    const cup = (await page.locator('.box').last().locator('.line').boundingBox())!
    t.ok(Math.abs((cup.x - photo.x) / photo.width - 174 / 600) < 0.02, 'left edge of the cup')
    t.ok(Math.abs((cup.x + cup.width - photo.x) / photo.width - 412 / 600) < 0.02, 'right edge')

    const before = calls.length
    await page.locator('#score').fill('90')
    t.match(await listed(page), [/^cup/])
    t.equal(await page.locator('.box').count(), 1)
    t.equal(await page.locator('#score-value').textContent(), '90%')
    await page.locator('#score').fill('5')
    t.ok((await listed(page)).length > 2, 'what is less sure')
    await page.locator('.chip', { hasText: 'cup' }).click()
    t.notOk((await listed(page)).some((it) => it.startsWith('cup')))
    t.equal(calls.length, before, 'without a request')
  })

  t.test('the list is walked by the keyboard and points at the boxes', async (t) => {
    const { page } = await openPage(t, browser, url)
    await page.setInputFiles('#files', fixture('coffee'))
    await page.locator('#list button').first().waitFor()
    const active = () => page.locator('.plate.active').textContent()
    await page.locator('.chip').last().focus()
    await page.keyboard.press('Tab')
    t.match(await active(), /^cup/)
    await page.keyboard.press('ArrowDown')
    t.match(await active(), /^dining table/)
    await page.keyboard.press('Home')
    t.match(await active(), /^cup/)
    await page.locator('#score').focus()
    await page.keyboard.press('ArrowRight')
    t.equal(await page.locator('#score-value').textContent(), '51%')
    t.equal(await page.locator('.plate.active').count(), 0)
    await page.locator('#list button').nth(1).hover()
    t.match(await active(), /^dining table/)
  })

  t.test('several photos each have their own answer, or their own error', async (t) => {
    const { page } = await openPage(t, browser, url)
    const files = await Promise.all(
      (['astronaut', 'chelsea'] as const).map(async (name) => ({
        name: `${name}.jpg`,
        mimeType: 'image/jpeg',
        buffer: await readFile(fixture(name)),
      })),
    )
    await page.setInputFiles('#files', [files[0]!, NO_PHOTO, files[1]!])
    await page.locator('#progress-text', { hasText: '3 of 3, 1 failed' }).waitFor()
    t.match(await listed(page), [/^person/])
    t.notOk(await page.locator('#failure').isVisible(), 'the photo that is shown went well')

    await page.locator('#strip button').first().focus()
    await page.keyboard.press('ArrowRight')
    t.equal(await page.evaluate('document.activeElement.title'), 'notes.txt')
    await page.keyboard.press('Enter')
    t.match(await page.locator('#failure').textContent(), /expected one of jpeg, png, webp/)
    t.match(await page.locator('#failure-facts').textContent(), /^unsupported_media_type, request /)
    t.ok(await page.locator('#copy-json').isDisabled())
    t.match(await page.locator('#list-empty').textContent(), 'Why is said where the picture')
    const wide = page.viewportSize()!
    await page.setViewportSize({ width: 320, height: 560 })
    const stage = (await page.locator('#stage').boundingBox())!
    const retry = (await page.locator('#retry').boundingBox())!
    t.ok(retry.y + retry.height <= stage.y + stage.height, 'all of it is seen on a small phone')
    await page.setViewportSize(wide)

    await page.locator('#strip button').nth(2).click()
    t.match(await listed(page), [/^cat/])
    t.notOk(await page.locator('#failure').isVisible())
    await page.locator('#clear').click()
    t.ok(await page.locator('#empty').isVisible())
    t.equal(await page.evaluate('document.activeElement.textContent'), 'Choose photos')
  })

  t.test('photos are taken by drop and by paste', async (t) => {
    const { page } = await openPage(t, browser, url)
    const bytes = (await readFile(fixture('coffee'))).toString('base64')
    const give = (type: 'drop' | 'paste') =>
      page.evaluate(
        ([kind, base64]) => {
          const data = new DataTransfer()
          const content = Uint8Array.from(atob(base64!), (it) => it.charCodeAt(0))
          data.items.add(new File([content], `${kind}.jpg`, { type: 'image/jpeg' }))
          const options = { bubbles: true, cancelable: true }
          document.body.dispatchEvent(
            kind === 'drop'
              ? new DragEvent('drop', { ...options, dataTransfer: data })
              : new ClipboardEvent('paste', { ...options, clipboardData: data }),
          )
        },
        [type, bytes],
      )
    await give('drop')
    await page.locator('#status', { hasText: 'drop.jpg: 2 objects' }).waitFor({ state: 'attached' })
    await give('paste')
    await page
      .locator('#status', { hasText: 'paste.jpg: 2 objects' })
      .waitFor({ state: 'attached' })
    t.equal(await page.locator('#strip button').count(), 2)
  })

  t.test('a photo in a format that the browser cannot show is shown all the same', async (t) => {
    const { page } = await openPage(t, browser, url)
    const buffer = await sharp(fixture('coffee')).tiff().toBuffer()
    await page.setInputFiles('#files', { name: 'coffee.tif', mimeType: 'image/tiff', buffer })
    await page.locator('#list button').first().waitFor()
    await page.locator('#photo').waitFor()
    t.equal(await page.evaluate('document.getElementById("photo").naturalWidth'), 600)
    t.match(await listed(page), [/^cup/, /^dining table/])
  })

  t.test('what is shown is taken along: as JSON, as a command, as a picture', async (t) => {
    const { page } = await openPage(t, browser, url)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const copied = () => page.evaluate('navigator.clipboard.readText()') as Promise<string>
    await page.setInputFiles('#files', fixture('coffee'))
    await page.locator('.chip', { hasText: 'dining table' }).click()

    await page.locator('#copy-json').click()
    await page.locator('#status', { hasText: 'JSON copied' }).waitFor({ state: 'attached' })
    const { detections } = JSON.parse(await copied())
    t.match(detections, [{ label: 'cup', class_id: 47 }])
    t.equal(detections.length, 1)

    await page.locator('#copy-curl').click()
    await page.locator('#status', { hasText: 'Command copied' }).waitFor({ state: 'attached' })
    t.equal(
      await copied(),
      `curl -F 'image=@"coffee.jpg"' -F 'model=ssdlite_mobilenet_v2_coco' -F 'min_score=0.5' ` +
        `-F 'exclude_labels=67' '${url}/v1/detect'`,
    )

    const download = page.waitForEvent('download')
    await page.locator('#download').click()
    const file = await download
    t.equal(file.suggestedFilename(), 'coffee-objects.jpg')
    const { width, height, format } = await sharp(await file.path()).metadata()
    t.match({ width, height, format }, { width: 600, height: 400, format: 'jpeg' })
  })
})
