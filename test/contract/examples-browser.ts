// Opens the example pages in a real Chromium: node --import ./scripts/typescript.js examples-browser.ts GATEWAY PAGES WORK
//
// The camera is Chromium's own stand-in for one, which plays a file: a photo of a cup, frame by frame.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'

const [gateway, pages, work] = process.argv.slice(2) as [string, string, string]
const coffee = 'test/fixtures/coffee.jpg'
const TIMEOUT_MS = 60_000

// A file of JPEG pictures one after the other is what Chromium takes as MJPEG.
const recording = join(work, 'camera.mjpeg')
await writeFile(recording, Buffer.concat(Array(30).fill(await readFile(coffee))))

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${recording}`,
  ],
})

async function open(name: string): Promise<Page> {
  const page = await browser.newPage()
  page.setDefaultTimeout(TIMEOUT_MS)
  page.on('pageerror', (error) => {
    throw error
  })
  await page.goto(`${pages}/examples/browser/${name}?gateway=${encodeURIComponent(gateway)}`)
  return page
}

async function says(page: Page, words: RegExp): Promise<void> {
  await page.getByRole('status').filter({ hasText: words }).waitFor()
  const said = await page.getByRole('status').textContent()
  process.stdout.write(`${new URL(page.url()).pathname}: ${said}\n`)
}

try {
  const photo = await open('photo.html')
  await photo.getByLabel('Photo').setInputFiles(coffee)
  await says(photo, /^Found cup/)
  const file = { name: 'x.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') }
  await photo.getByLabel('Photo').setInputFiles(file)
  await says(photo, /no picture format that is known/)

  const webcam = await open('webcam.html')
  await webcam.getByRole('button', { name: 'Start' }).click()
  await says(webcam, /^(?:[2-9]|\d\d+) frames, .*cup/)
  await webcam.screenshot({ path: join(work, 'webcam.png') })
} finally {
  await browser.close()
}
