import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { makeBrowser } from '../e2e/harness.ts'
import { chromiumPath, NOT_LOOKED_AT } from './chromium.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** All that axe knows of these kinds. */
const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }
/** What a theme can change: it is colours and nothing else (test/node/page-budgets.test.ts). */
const COLOUR_RULES = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

/** Ignored by git. Pictures of the newest run, to be looked at. */
const PICTURES = join(import.meta.dirname, '..', '..', 'screenshots')

export const THEMES = ['light', 'dark'] as const
export const WIDTHS = [1280, 320] as const
type Theme = (typeof THEMES)[number]

export function launch(): Promise<Browser> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new Error(NOT_LOOKED_AT)
  // Inside a container there are no user namespaces for its sandbox; it opens nothing but pages of ours.
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking']
  return chromium.launch({ executablePath, headless: true, args })
}

export interface Tab {
  page: Page
  /** What went wrong, or where the page asked, since it was opened. */
  complaints: string[]
}

/** A context that is signed in as that session, on that machine. */
export async function contextOf(
  browser: Browser,
  url: string,
  person?: ReturnType<typeof makeBrowser>,
  options: { javaScriptEnabled?: boolean } = {},
): Promise<BrowserContext> {
  // A colour on its way from one theme to the other is neither's.
  const still = { reducedMotion: 'reduce' as const, timezoneId: 'UTC', locale: 'en-GB' }
  const context = await browser.newContext({ baseURL: url, ...still, ...options })
  context.setDefaultTimeout(30_000)
  const cookies = [...(person?.cookies ?? [])].map(([name, value]) => ({
    name,
    value,
    url: url.replace('http:', 'https:'),
    secure: true,
    httpOnly: true,
  }))
  await context.addCookies(cookies)
  return context
}

/** A tab that notes errors, refusals of the policy and requests to anybody else. */
export async function openTab(context: BrowserContext, origin: string): Promise<Tab> {
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith('data:') && new URL(url).origin !== origin) complaints.push(`asked ${url}`)
  })
  return { page, complaints }
}

interface Finding {
  id: string
  help: string
  nodes: { target: unknown[] }[]
}

/** What axe finds on the page as it is now. Put in past the page's policy, which forbids it as it should. */
export async function findings(page: Page, runOnly: object = RULES): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in globalThis'))) await page.evaluate(AXE)
  const options = JSON.stringify({ runOnly, resultTypes: ['violations'], iframes: false, preload: false })
  const { violations } = await page.evaluate<{ violations: Finding[] }>(`axe.run(document, ${options})`)
  return violations.map(({ id, help, nodes }) => `${id}, ${help}: ${nodes.map(({ target }) => target).join(' | ')}`)
}

/** What is wider than the window, so that a person would have to scroll sideways. */
export const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return []
    const wide = [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > width + 1)
    return wide.map((one) => one.tagName + '.' + one.className + ' ' + one.textContent.slice(0, 40))
  })()`)

/** Words that are broken in their middle because their column is too narrow for them. */
export const broken = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const found = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const range = document.createRange()
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (node.parentElement.checkVisibility()) for (const { 0: word, index } of node.data.matchAll(/(?<=^|\\s)\\p{L}{2,14}(?=$|\\s)/gu)) {
        range.setStart(node, index)
        range.setEnd(node, index + word.length)
        if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) found.push(word)
      }
    return found
  })()`)

export async function picture(page: Page, name: string): Promise<void> {
  // Nobody looks at those of continuous integration, and they cost a quarter of the walk.
  if (process.env.CI) return
  mkdirSync(PICTURES, { recursive: true })
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true, animations: 'disabled' })
}

/** Opens what is folded, and says whether something was. The menu at the top is no part of the page: it would lie over it. */
const unfold = (page: Page): Promise<boolean> =>
  page.evaluate(`(() => {
    const folded = document.querySelectorAll('main details:not([open])')
    for (const one of folded) one.open = true
    return folded.length > 0
  })()`)

const outOfPlace = async (page: Page): Promise<string[]> => [
  ...(await tooWide(page)).map((one) => `too wide: ${one}`),
  ...(await broken(page)).map((one) => `broken: ${one}`),
]

/** A sheet of A4 without its margins, in pixels of CSS. */
const PAPER = 718

/** On paper, which is light in every theme, and with letters twice as large. */
async function lookElsewhere(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: PAPER, height: 800 })
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  const wrong = (await tooWide(page)).map((one) => `printed, too wide: ${one}`)
  const ink = await page.evaluate(`getComputedStyle(document.querySelector('h1')).color`)
  if (ink !== 'rgb(28, 32, 36)') wrong.push(`printed in ${ink}`)
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.evaluate(`document.documentElement.style.fontSize = '200%'`)
  return [...wrong, ...(await tooWide(page)).map((one) => `with larger letters, too wide: ${one}`)]
}

/**
 * Looks at an open page at both widths and in both themes, as it is and with everything unfolded: each thing that is wrong,
 * with where. The dark theme has other colours and nothing else, so axe looks at the wide page and at the narrow one unfolded,
 * and for their colours at both in the dark.
 */
export async function lookAt(page: Page, name: string): Promise<string[]> {
  const [wide, narrow] = WIDTHS
  const wrong: string[] = []
  const note = (where: string, found: string[]) => wrong.push(...found.map((one) => `${where}: ${one}`))
  const turn = async (colorScheme: Theme, width: number) => {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme })
  }
  await turn('light', wide)
  note('wide', [...(await outOfPlace(page)), ...(await findings(page))])
  await picture(page, `${name}-light-${wide}`)
  await turn('dark', narrow)
  note('narrow, dark', [...(await outOfPlace(page)), ...(await findings(page, COLOUR_RULES))])
  await picture(page, `${name}-dark-${narrow}`)
  const unfolded = await unfold(page)
  if (unfolded) await picture(page, `${name}-unfolded`)
  await turn('light', narrow)
  note('narrow, unfolded', [...(await outOfPlace(page)), ...(await findings(page))])
  await turn('dark', wide)
  note('wide, dark, unfolded', [...(await outOfPlace(page)), ...(await findings(page, COLOUR_RULES))])
  return [...wrong, ...(await lookElsewhere(page))]
}
