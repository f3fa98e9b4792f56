import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { browserScript } from './lib/browser-script.ts'
import { ROOT } from './lib/settings.ts'

// The one script that a page may load, made of shared code. It is committed; a test holds it to its source.
writeFileSync(join(ROOT, 'static', 'assets', 'audit-log.js'), await browserScript())
