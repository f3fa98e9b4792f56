import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Address, addresses, gone, REFUSALS, type Reader } from './addresses.ts'
import { chromiumPath, launch } from './chromium.ts'
import { type Example, startExample } from './example.ts'
import { contextOf, lookAt, openTab } from './look.ts'

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
  async function wrongWith({ route, path, reader, name }: Address): Promise<string[]> {
    const { page, complaints } = await openTab(contexts[reader], example.candor.url)
    try {
      const answer = await page.goto(path)
      const status = answer?.status()
      const wrong = status === (REFUSALS[route] ?? 200) ? [] : [`answered ${status}`]
      if (page.url() !== `${example.candor.url}${path}`) wrong.push(`led to ${page.url()}`)
      wrong.push(...(await lookAt(page, name)))
      const said = REFUSALS[route] ? complaints.filter((one) => !/status of 4/.test(one)) : complaints
      return [...wrong, ...said].map((one) => `${path}: ${one}`)
    } finally {
      await page.close()
    }
  }

  test('every page has no finding of axe, no complaint, no other origin and no sideways scrolling, in both themes, wide and narrow', async () => {
    const all = addresses(example.ids)
    expect(all.length).toBeGreaterThan(45)
    expect(gone()).toEqual([])
    const wrong: string[] = []
    // As many at a time as a small machine has processors.
    const waiting = [...all]
    const look = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) wrong.push(...(await wrongWith(next)))
    }
    await Promise.all([look(), look()])
    expect(wrong).toEqual([])
  })
})
