import { existsSync } from 'node:fs'

/** Where systems put it. `CHROMIUM` says where it is instead. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser of this machine; undefined when there is none. None is ever downloaded. */
export const chromiumPath = (): string | undefined =>
  (process.env.CHROMIUM ? [process.env.CHROMIUM] : PLACES).find(existsSync)

/** What a run says in which no page was looked at. */
export const NOT_LOOKED_AT =
  'NO BROWSER: THE PAGES WERE NOT LOOKED AT IN CHROMIUM, AND WHAT test/browser SAYS WAS NOT TRIED. INSTALL DEBIAN’S chromium, OR SET CHROMIUM TO ITS PATH.'
