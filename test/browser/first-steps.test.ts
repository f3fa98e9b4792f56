import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Candor, newStateDir, removeStateDir, startCandor, startReceiver, startTarget } from '../e2e/harness.ts'
import { chromiumPath } from './chromium.ts'
import { contextOf, launch } from './look.ts'

const GUIDE = readFileSync(new URL('../../docs/self-hosting.md', import.meta.url), 'utf8')
const [, SECTION = ''] = /### From nothing to a published page.*?\n(.*?)\n### /s.exec(GUIDE) ?? []
/** What the guide prints in bold, in its order: what is clicked, filled in and read. */
const BOLD = [...SECTION.replaceAll(/\s+/g, ' ').matchAll(/\*\*([^*]+)\*\*/g)].map(([, text = '']) => text)

describe.skipIf(!chromiumPath())('the guide to a first published page', () => {
  const stateDir = newStateDir()
  let target: Awaited<ReturnType<typeof startTarget>>
  let receiver: Awaited<ReturnType<typeof startReceiver>>
  let candor: Candor
  let browser: Browser

  beforeAll(async () => {
    target = await startTarget()
    receiver = await startReceiver()
    candor = await startCandor({ stateDir, env: { ALLOW_PRIVATE_TARGETS: `${target.host},${receiver.host}` } })
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await candor?.stop()
    await Promise.all([target?.stop(), receiver?.stop()])
    removeStateDir(stateDir)
  })

  /** Goes the way, and answers every word that it used or saw, in order. */
  async function follow(page: Page): Promise<string[]> {
    const used: string[] = []
    const named = (text: string) => {
      used.push(text)
      return text
    }
    const click = (text: string) =>
      page
        .getByRole('link', { name: named(text), exact: true })
        .or(page.getByRole('button', { name: text, exact: true }))
        .first()
        .click()
    const fill = (label: string, text: string) => page.getByLabel(named(label), { exact: true }).fill(text)
    const see = (text: string) => page.getByText(named(text), { exact: true }).first().waitFor()

    await page.goto('/')
    await click('Sign in')
    await click('Sign in with GitHub')
    await page.getByText(named('Ada Lovelace')).click()
    await see('What is to be watched?')
    await fill('URL', target.url)
    await click('Watch it')
    await see('Passed')
    await click('Next: who is told')
    await see('Who is told?')
    await fill('Name', 'On call')
    await fill('Address', receiver.url)
    await click('Create webhook')
    await click('Send a test')
    await see('The message was delivered.')
    await click('Next: a public page')
    await see('What does the public see?')
    await click('Publish page')
    await page.getByText('is public').first().waitFor()
    await page.locator('main a[href*="/s/"]').click()
    await see('All systems are operational')
    return used
  }

  test('says what to click and what the screen shows, word for word, without JavaScript', async () => {
    const context = await contextOf(browser, candor.url, undefined, { javaScriptEnabled: false })
    const used = await follow(await context.newPage())
    expect(used).toEqual(BOLD.slice(1))
    expect(receiver.received).toHaveLength(1)
    await context.close()
  })
})
