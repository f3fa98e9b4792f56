import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { htmlFaults } from '../lib/html-rules.ts'
import { type Address, addresses, gone, REFUSALS, type Reader } from './addresses.ts'
import { chromiumPath } from './chromium.ts'
import { type Example, startExample } from './example.ts'
import { seedHostile } from './hostile.ts'
import { enter, focusOf, tabTo } from './keyboard.ts'
import { contextOf, findings, launch, lookAt, openTab, picture, type Tab, THEMES, tooWide, WIDTHS } from './look.ts'

/** A look at every page, as people have it before them. Reported in capitals when there is no browser. */
describe.skipIf(!chromiumPath())('in Chromium', () => {
  let example: Example
  let browser: Browser
  let contexts: Record<Reader, BrowserContext>

  beforeAll(async () => {
    example = await startExample()
    browser = await launch()
    const { candor, ada, linus } = example
    contexts = {
      ada: await contextOf(browser, candor.url, ada),
      linus: await contextOf(browser, candor.url, linus),
      nobody: await contextOf(browser, candor.url),
    }
  })
  afterAll(async () => {
    await browser?.close()
    await example?.stop()
  })

  /** Everything that is wrong with a page. */
  async function wrongWith({ page, complaints }: Tab, { route, path, name }: Address): Promise<string[]> {
    const answer = await page.goto(path)
    const status = answer?.status()
    const wrong = status === (REFUSALS[route] ?? 200) ? [] : [`answered ${status}`]
    for (const fault of htmlFaults((await answer?.text()) ?? '')) wrong.push(fault)
    if (page.url() !== `${example.candor.url}${path}`) wrong.push(`led to ${page.url()}`)
    wrong.push(...(await lookAt(page, name)))
    const said = complaints.splice(0).filter((one) => !REFUSALS[route] || !/status of 4/.test(one))
    return [...wrong, ...said].map((one) => `${path}: ${one}`)
  }

  /** Takes a page after the other, each reader in a tab of their own. */
  async function walk(waiting: Address[]): Promise<string[]> {
    const tabs = new Map<Reader, Tab>()
    const wrong: string[] = []
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const tab = tabs.get(next.reader) ?? (await openTab(contexts[next.reader], example.candor.url))
      tabs.set(next.reader, tab)
      wrong.push(...(await wrongWith(tab, next)))
    }
    for (const { page } of tabs.values()) await page.close()
    return wrong
  }

  test('every page is valid HTML and has no finding of axe, no complaint, no other origin and no sideways scrolling, in both themes, wide and narrow', async () => {
    const all = addresses(example.ids)
    expect(all.length).toBeGreaterThan(45)
    expect(gone()).toEqual([])
    // As many at a time as a small machine has processors.
    const waiting = [...all]
    expect((await Promise.all([walk(waiting), walk(waiting)])).flat()).toEqual([])
  }, 900_000)

  test('a monitor is made with the keyboard alone and without JavaScript, a mistake on the way', async () => {
    const context = await contextOf(browser, example.candor.url, example.ada, { javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto('/monitors')
    await tabTo(page, 'Skip to the content')
    await tabTo(page, 'New monitor')
    await enter(page)
    await tabTo(page, 'URL')
    await page.keyboard.type('shop.example')
    await tabTo(page, 'Name')
    await page.keyboard.type('Made by keyboard')
    await enter(page)
    expect(await page.title()).toMatch(/^Error: /)
    await tabTo(page, 'The URL starts with http:// or https://.')
    await page.keyboard.press('Enter')
    expect((await focusOf(page)).id).toBe('f-url')
    await page.keyboard.press('Home')
    await page.keyboard.type('https://')
    await tabTo(page, 'Create monitor')
    await enter(page)
    expect(await page.locator('h1').textContent()).toBe('Made by keyboard')
    expect(await page.locator('main').textContent()).toContain('https://shop.example')
    await context.close()
  })

  test('the menu of workspaces has no finding of axe while it is open, in both themes, wide and narrow', async () => {
    const { page } = await openTab(contexts.linus, example.candor.url)
    for (const width of WIDTHS)
      for (const colorScheme of THEMES) {
        await page.setViewportSize({ width, height: 800 })
        await page.emulateMedia({ colorScheme })
        await page.goto('/account')
        await page.locator('.switcher').click()
        expect(await findings(page)).toEqual([])
        await picture(page, `workspace-menu-${colorScheme}-${width}`)
      }
    await page.close()
  })

  test('an icon has the colour of its word where a person has chosen the colours, in the sprite and in the page', async () => {
    for (const [path, reader] of [
      ['/account', 'linus'],
      ['/s/lumen', 'nobody'],
    ] as const) {
      const { page } = await openTab(contexts[reader], example.candor.url)
      await page.emulateMedia({ forcedColors: 'active', colorScheme: 'light' })
      await page.goto(path)
      const other = await page.evaluate<string[]>(`(() => {
        const icons = [...document.querySelectorAll('svg.icon')]
        if (icons.length === 0) return ['no icon']
        const colour = (one) => getComputedStyle(one).color
        return icons.filter((icon) => colour(icon) !== colour(icon.parentElement)).map((icon) => icon.outerHTML)
      })()`)
      expect([path, other]).toEqual([path, []])
      await picture(page, `${path === '/account' ? 'account' : 's-slug'}-forced-colours`)
      await page.close()
    }
  })

  test('a check is seen row by row without JavaScript, and reads as one answer at its end', async () => {
    const { body } = await example.ada.ask('GET', '/v1/monitors?limit=100')
    const slow = body.data.find(({ name }: { name: string }) => name === 'Search')
    const context = await contextOf(browser, example.candor.url, undefined, { javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto('/')
    await page.locator('#f-url').fill(slow.url)
    await page.locator('#f-url').press('Enter', { noWaitAfter: true })
    const waiting = page.locator('tr.waiting:visible')
    await waiting.filter({ hasText: 'Check 2 of 3' }).waitFor()
    expect(await page.locator('.banner').count()).toBe(0)
    await page.locator('.banner').waitFor()
    expect(await page.locator('.banner').textContent()).toMatch(/ answered 200 in \d+ ms\.$/)
    expect([await waiting.count(), await page.locator('tbody tr:visible').count()]).toEqual([0, 3])
    await context.close()
    const tab = await openTab(contexts.nobody, example.candor.url)
    await tab.page.goto(`/check?url=${encodeURIComponent(slow.url)}`)
    expect(await lookAt(tab.page, 'check-answer')).toEqual([])
    expect(tab.complaints).toEqual([])
    await tab.page.close()
  })

  test('the first steps are gone with the keyboard alone and without JavaScript', async () => {
    const context = await contextOf(browser, example.candor.url, example.ada, { javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto('/start')
    await tabTo(page, 'URL')
    const { body } = await example.ada.ask('GET', '/v1/monitors?limit=100')
    await page.keyboard.type(body.data.find(({ name }: { name: string }) => name === 'Website').url)
    await tabTo(page, 'Watch it')
    await enter(page)
    await page.locator('.banner').waitFor()
    expect(await page.locator('.banner').textContent()).toMatch(/ answered 200 in \d+ ms\.$/)
    for (const [next, heading] of [
      ['Next: who is told', 'Who is told?'],
      ['Skip', 'What does the public see?'],
      ['Skip', 'Monitors'],
    ] as const) {
      await tabTo(page, next)
      await enter(page)
      expect(await page.locator('h1').textContent()).toBe(heading)
    }
    await context.close()
  })

  test('a form that was refused is as good a page as any', async () => {
    const { page, complaints } = await openTab(contexts.ada, example.candor.url)
    await page.goto('/monitors/new')
    await page.locator('#f-url').fill('ftp://shop.example')
    await page.keyboard.press('Enter')
    await page.locator('.summary').waitFor()
    expect(await lookAt(page, 'monitors-refused')).toEqual([])
    expect(complaints.filter((one) => !/status of 422/.test(one))).toEqual([])
    await page.close()
  })

  /** What a page says, but for the place of its script, and for when the log was verified: each look may do that anew. */
  async function wordsOf(page: Page): Promise<string> {
    const text = await page.locator('main').innerText()
    const place = await page.locator('[data-log]').innerText()
    expect(text).toContain(place)
    return text.replace(place, '').replace(/(?<=Verified to #\d+, ).* UTC/, '<moment>')
  }

  test('the pages with a script say the same without JavaScript, but for what it adds', async () => {
    const context = await contextOf(browser, example.candor.url, example.ada, { javaScriptEnabled: false })
    const [page, scripted] = [await context.newPage(), await contexts.ada.newPage()]
    for (const path of ['/audit-logs', '/account/log']) {
      await page.goto(path)
      await scripted.goto(path)
      const added = scripted.locator('[data-log]')
      // Not the words that stand there until the script has run.
      await added.filter({ hasText: /This browser (?:has|could)/ }).waitFor()
      expect(await wordsOf(page)).toBe(await wordsOf(scripted))
    }
    await Promise.all([context.close(), scripted.close()])
  })

  test('the status page prints on white, whole, with its days of trouble open', async () => {
    const page = await contexts.nobody.newPage()
    await page.goto('/s/lumen')
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.evaluate(`getComputedStyle(document.querySelector('h1')).color`)).toBe('rgb(28, 32, 36)')
    for (const list of await page.locator('details ul').all())
      expect((await list.boundingBox())?.height).toBeGreaterThan(10)
    expect(await page.locator('.skip').isVisible()).toBe(false)
    await picture(page, 's-slug-print')
    expect((await page.pdf()).length).toBeGreaterThan(10_000)
    await page.close()
  })

  test('the status page can be read at twice the size, zoomed or with larger letters', async () => {
    const page = await contexts.nobody.newPage()
    await page.goto('/s/lumen')
    // At 200 % a window of 1,280 pixels holds half as many.
    await page.setViewportSize({ width: 640, height: 400 })
    expect(await tooWide(page)).toEqual([])
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.evaluate(`document.documentElement.style.fontSize = '200%'`)
    expect(await tooWide(page)).toEqual([])
    expect(await findings(page)).toEqual([])
    await picture(page, 's-slug-larger')
    await page.close()
  })

  test('whatever people have typed runs nothing, on any page', async () => {
    await seedHostile(example)
    const { page, complaints } = await openTab(contexts.ada, example.candor.url)
    const shown: string[] = []
    for (const { route, path, reader } of addresses(example.ids)) {
      if (reader === 'linus') continue
      await page.goto(path)
      expect([path, await page.evaluate('globalThis.ran')]).toEqual([path, undefined])
      if ((await page.content()).includes('window.ran=')) shown.push(route)
    }
    // Not even the policy had something to refuse.
    expect(complaints.filter((one) => !/status of 4/.test(one))).toEqual([])
    expect(shown.length).toBeGreaterThan(15)
    await page.close()
  })

  // The last one: Ada's session goes on under another token, and the one that the others have is over.
  test('another workspace is gone on in with the keyboard alone and without JavaScript, at 320 pixels', async () => {
    const context = await contextOf(browser, example.candor.url, example.ada, { javaScriptEnabled: false })
    const page = await context.newPage()
    await page.setViewportSize({ width: 320, height: 800 })
    // Whatever it has been called before.
    await example.ada.ask('PATCH', '/v1/workspace', { name: 'Lumen Lamps' })
    await page.goto('/workspaces/new')
    await page.locator('#f-name').fill('Hosting & a name that is as long as they come')
    await enter(page)
    await tabTo(page, 'Switch workspace, now Hosting & a name that is as long as they come')
    await page.keyboard.press('Enter')
    const menu = page.locator('.choices')
    expect(await menu.locator('[aria-current]').innerText()).toBe('Hosting & a name that is as long as they come')
    const box = await menu.boundingBox()
    expect(box && box.x >= 0 && box.x + box.width <= 320).toBe(true)
    for (const choice of await menu.locator('a, button').all())
      expect((await choice.boundingBox())?.height).toBeGreaterThanOrEqual(36)
    expect(await tooWide(page)).toEqual([])
    await picture(page, 'workspace-menu-320')
    await tabTo(page, 'Lumen Lamps')
    await enter(page)
    expect(await page.locator('.switcher').innerText()).toContain('Lumen Lamps')
    await context.close()
  })
})
