import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startExample } from '../test/browser/example.ts'
import { contextOf, launch, THEMES } from '../test/browser/look.ts'
import { fail, requireNode, runMain } from './lib/fail.ts'
import { ROOT } from './lib/settings.ts'

const FOLDER = join(ROOT, 'docs', 'images')
const WINDOW = { width: 1200, height: 750 }
const PAGES = { monitors: '/monitors', 'status-page': '/s/lumen' }
/** What README shows of it. A picture is read by everybody who opens the page. */
const MAX_BYTES = 150 * 1024

/** Takes README's pictures: real pages of a Candor that is started for it, with made-up companies and a made-up past. */
await runMain(async () => {
  requireNode()
  mkdirSync(FOLDER, { recursive: true })
  const example = await startExample()
  const browser = await launch()
  try {
    const context = await contextOf(browser, example.candor.url, example.ada)
    const page = await context.newPage()
    await page.setViewportSize(WINDOW)
    for (const [name, path] of Object.entries(PAGES))
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme })
        await page.goto(path)
        const file = `${name}-${colorScheme}.png`
        const { length } = await page.screenshot({ path: join(FOLDER, file), animations: 'disabled' })
        if (length > MAX_BYTES) fail(`${file} has ${length} bytes, more than ${MAX_BYTES}.`)
        process.stdout.write(`docs/images/${file}, ${Math.ceil(length / 1024)} KB\n`)
      }
  } finally {
    await browser.close()
    await example.stop()
  }
})
