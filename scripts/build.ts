import { build } from './lib/build.ts'
import { runMain } from './lib/fail.ts'

// What a deploy would send, checked by wrangler itself.
await runMain(() => build({ force: true }))
process.stdout.write('Both Workers build.\n')
