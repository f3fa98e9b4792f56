import type { Page } from 'playwright-core'

/** Presses of Tab after which something is not reached. */
const PATIENCE = 60

interface Focus {
  /** What a person hears or reads of it. */
  name: string
  id: string
  ring: number
}

const FOCUS = `(() => {
  const one = document.activeElement
  const label = one.labels?.[0]?.textContent ?? one.textContent
  const style = getComputedStyle(one)
  return { name: label.trim(), id: one.id, ring: style.outlineStyle === 'none' ? 0 : Number.parseFloat(style.outlineWidth) }
})()`

export const focusOf = (page: Page): Promise<Focus> => page.evaluate<Focus>(FOCUS)

/** Presses Tab until something of this name has the focus. Each stop on the way shows where the focus is. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = []
  while (passed.length < PATIENCE) {
    await page.keyboard.press('Tab')
    const focus = await focusOf(page)
    if (focus.ring < 2) throw new Error(`Nothing shows that the focus is on "${focus.name}".`)
    if (focus.name === name) return
    passed.push(focus.name)
  }
  throw new Error(`"${name}" is not reached with Tab, past ${passed.join(', ')}`)
}

/** Presses Enter and waits for the page that follows. */
export async function enter(page: Page): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
}
