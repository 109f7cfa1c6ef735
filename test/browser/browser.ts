import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'

/** The browser of the tests: Debian's, or the one that `CHROMIUM` names. */
export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Why there are no browser tests here; `false` where there are. */
export const NO_BROWSER = existsSync(CHROMIUM)
  ? false
  : `THE PAGE IS NOT TESTED: there is no ${CHROMIUM} (apt-get install chromium, or CHROMIUM=path)`

/** A name that leads to this machine and is not localhost, so that its pages are no secure context. */
export const INSECURE_HOST = 'gateway.test'

/** Starts the browser, with a camera that shows a test picture and is always allowed. */
export async function startBrowser(t: Test): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
    ],
  })
  t.teardown(() => browser.close())
  return browser
}

/** The path of a photo of the fixtures. */
export function fixture(name: 'astronaut' | 'chelsea' | 'coffee'): string {
  return fileURLToPath(new URL(`../fixtures/${name}.jpg`, import.meta.url))
}

/** A page that is open, and what it did that it must not. */
export interface OpenPage {
  readonly page: Page
  /** Breaches of its policy, uncaught errors, requests to other servers. */
  readonly faults: string[]
  /** Method and path of each request to the API. */
  readonly calls: string[]
  /** Each WebSocket that was opened: its path, and whether it is still open. */
  readonly sockets: { readonly path: string; isOpen: boolean }[]
}

export interface PageOptions {
  readonly dark?: boolean
  readonly phone?: boolean
}

/** Opens the gateway's page in a session of its own; the test fails by anything that the page must not do. */
export async function openPage(
  t: Test,
  browser: Browser,
  url: string,
  { dark = false, phone = false }: PageOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: phone ? { width: 360, height: 740 } : { width: 1280, height: 860 },
    colorScheme: dark ? 'dark' : 'light',
    hasTouch: phone,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const faults: string[] = []
  const calls: string[] = []
  const sockets: OpenPage['sockets'] = []
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text())
  })
  page.on('request', (request) => {
    const { origin, pathname, protocol } = new URL(request.url())
    if (protocol === 'blob:') return
    if (origin !== new URL(url).origin) faults.push(`request to ${request.url()}`)
    if (pathname.startsWith('/v1/')) calls.push(`${request.method()} ${pathname}`)
  })
  page.on('websocket', (socket) => {
    const { host, pathname } = new URL(socket.url())
    if (host !== new URL(url).host) faults.push(`socket to ${socket.url()}`)
    const opened = { path: pathname, isOpen: true }
    sockets.push(opened)
    socket.on('close', () => {
      opened.isOpen = false
    })
  })
  t.teardown(async () => {
    await context.close()
    assert.deepEqual(faults, [], 'the page does nothing that it must not')
  })
  await page.goto(url)
  return { page, faults, calls, sockets }
}

/** The names and scores of the list, as they are read. */
export function listed(page: Page): Promise<string[]> {
  return page.locator('#list button').evaluateAll((buttons) =>
    buttons.map((it) =>
      [...it.children]
        .map((part) => part.textContent)
        .join(' ')
        .trim(),
    ),
  )
}

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string }[]
}

/** Has axe-core look for what keeps people out. The page's own policy would not let it in, so it comes by the debugger. */
export async function checkAccess(t: Test, page: Page, state: string): Promise<void> {
  await page.evaluate(await readFile(axe, 'utf8'))
  const violations = (await page.evaluate(
    "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }).then((it) => it.violations)",
  )) as Violation[]
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((it) => it.html).join(' ')}`)
  t.strictSame(found, [], state)
}
