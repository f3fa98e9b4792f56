import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Candor, makeBrowser, newStateDir, removeStateDir, startCandor } from '../e2e/harness.ts'
import { chromiumPath } from './chromium.ts'
import { contextOf, launch, openTab } from './look.ts'

interface Head {
  size: number
  root: string
}

const FIRST = 'This browser has now seen the log for the first time, and keeps its head to compare with.'
const UNREADABLE = 'What this browser remembered of the log could not be read. It keeps its present head from now on.'
const grewSince = (size: number) => `This browser has checked that the log only grew since it saw ${size} entries.`
const rewritten = ({ size }: Head) =>
  `The log does not continue the ${size} entries that this browser has seen. It was rewritten.`

describe.skipIf(!chromiumPath())('a browser that remembers the last head of a log', () => {
  const stateDir = newStateDir()
  let candor: Candor
  let ada: ReturnType<typeof makeBrowser>
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let complaints: string[]

  beforeAll(async () => {
    candor = await startCandor({ stateDir })
    ada = makeBrowser(candor.url)
    await ada.signIn('github', 'ada')
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await candor?.stop()
    removeStateDir(stateDir)
  })
  /** Another browser, which has seen nothing. */
  beforeEach(async () => {
    context = await contextOf(browser, candor.url, ada)
    ;({ page, complaints } = await openTab(context, candor.url))
    return () => context.close()
  })

  /** Opens the page of a log; what the browser says of it, and how the sentence is marked. */
  async function visit(path = '/audit-logs'): Promise<[text: string, status: string | null]> {
    await page.goto(path)
    const said = page.locator('[data-log][data-status]')
    await said.waitFor()
    return [await said.innerText(), await said.getAttribute('data-status')]
  }

  const nameOf = async () => `candor-log ${await page.locator('[data-log]').getAttribute('data-log')}`
  const kept = async (): Promise<string | null> => page.evaluate(`localStorage.getItem('${await nameOf()}')`)
  const headKept = async (): Promise<Head> => JSON.parse((await kept()) ?? 'null')
  const remember = async (text: string) =>
    page.evaluate(`localStorage.setItem('${await nameOf()}', ${JSON.stringify(text)})`)
  /** The head that the page itself was sent with. */
  const headOnPage = (): Promise<Head> =>
    page.evaluate(`(({ size, root }) => ({ size: Number(size), root }))(document.querySelector('[data-log]').dataset)`)
  async function grow(): Promise<void> {
    const body = { kind: 'http', name: 'Shop', url: 'https://shop.example', intervalSeconds: 3600, active: false }
    expect((await ada.ask('POST', '/v1/monitors', body)).status).toBe(201)
  }
  const another = (root: string) => `${root.startsWith('A') ? 'B' : 'A'}${root.slice(1)}`

  test.each(['/audit-logs', '/account/log'])('says so at the first visit of %s, and keeps the head', async (path) => {
    expect(await visit(path)).toEqual([FIRST, 'stale'])
    expect(await headKept()).toEqual(await headOnPage())
    expect(complaints).toEqual([])
  })

  test('says that the log only grew, and keeps the newer head', async () => {
    await visit()
    const first = await headKept()
    await grow()
    await grow()
    expect(await visit()).toEqual([grewSince(first.size), 'up'])
    const second = await headKept()
    expect(second.size).toBeGreaterThanOrEqual(first.size + 2)
    expect(second).toEqual(await headOnPage())
    expect(await visit()).toEqual([grewSince(second.size), 'up'])
    expect(complaints).toEqual([])
  })

  test('says in red that the log was cut, at each visit: what it has seen is kept', async () => {
    await visit()
    const { size, root } = await headKept()
    const longer = JSON.stringify({ size: size + 5, root })
    await remember(longer)
    for (let visits = 0; visits < 2; visits++) {
      const words = `This browser has seen ${size + 5} entries, and the log has only ${size}. It was cut.`
      expect(await visit()).toEqual([words, 'down'])
      expect(await kept()).toBe(longer)
    }
  })

  test('says in red that the log was rewritten, of the same length or longer by now, at each visit', async () => {
    await visit()
    const now = await headKept()
    const other = { ...now, root: another(now.root) }
    await remember(JSON.stringify(other))
    expect(await visit()).toEqual([rewritten(other), 'down'])
    await grow()
    expect(await visit()).toEqual([rewritten(other), 'down'])
    expect(await headKept()).toEqual(other)
  })

  test.each(['{', 'null', '{"size":-1,"root":"ROOT"}', '{"size":"2","root":"ROOT"}', '{"size":2,"root":"AAAA"}'])(
    'that reads %s where the head was says so once, and goes on from the present head',
    async (damaged) => {
      await visit()
      await remember(damaged.replace('ROOT', (await headKept()).root))
      expect(await visit()).toEqual([UNREADABLE, 'stale'])
      const head = await headOnPage()
      expect(await headKept()).toEqual(head)
      expect(await visit()).toEqual([grewSince(head.size), 'up'])
      expect(complaints).toEqual([])
    },
  )

  test('says that it could not check when nobody answers, and keeps what it has seen', async () => {
    await visit()
    const before = await kept()
    await grow()
    await page.route('**/consistency?*', (route) => route.abort())
    expect(await visit()).toEqual(['This browser could not check just now whether the log only grew.', 'stale'])
    expect(await kept()).toBe(before)
  })

  test('needs a script for it: without JavaScript the page shows the log, and says what it does not do', async () => {
    const silent = await contextOf(browser, candor.url, ada, { javaScriptEnabled: false })
    const plain = await silent.newPage()
    for (const path of ['/audit-logs', '/account/log']) {
      expect((await plain.goto(path))?.status()).toBe(200)
      const said = plain.locator('[data-log]')
      expect(await said.innerText()).toMatch(/^This browser keeps no head of the log: that takes a script/)
      expect(await said.getAttribute('data-status')).toBeNull()
      expect(await plain.locator('main tbody tr').count()).toBeGreaterThan(0)
      await said.locator('a').click()
      expect(plain.url()).toBe(`${candor.url}${path}/verification`)
    }
    await silent.close()
  })
})
