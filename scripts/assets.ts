import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { browserScript } from './lib/browser-script.ts'
import { ROOT } from './lib/settings.ts'
import { shapesModule, sprite } from './lib/sprite.ts'

// The one script that a page may load, made of shared code, and the icons. They are committed; a test holds them to their
// sources.
writeFileSync(join(ROOT, 'static', 'assets', 'audit-log.js'), await browserScript())
writeFileSync(join(ROOT, 'static', 'assets', 'sprite.svg'), sprite())
writeFileSync(join(ROOT, 'workers', 'app', 'pages', 'components', 'shapes.ts'), shapesModule())
