import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './lib/build.ts'
import { runMain } from './lib/fail.ts'
import { makeSbom } from './lib/sbom.ts'
import { ROOT } from './lib/settings.ts'

const FILE = join('dist', 'candor.cdx.json')

// What is in the Workers, as CycloneDX.
await runMain(async () => {
  await build()
  const sbom = makeSbom()
  writeFileSync(join(ROOT, FILE), `${JSON.stringify(sbom, null, 2)}\n`)
  process.stdout.write(`${FILE} names the ${sbom.components.length} packages that ship.\n`)
})
