import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { METAFILE, TARGETS } from './build.ts'
import { fail } from './fail.ts'
import { ROOT } from './settings.ts'

interface Metafile {
  outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>
}

interface Component {
  'bom-ref': string
  name: string
  version: string
}

/** CycloneDX, as far as it is looked at here. The rest is npm's. */
export interface Sbom {
  bomFormat: string
  specVersion: string
  metadata: { component: Component & { type: string }; lifecycles: { phase: string }[] }
  components: Component[]
  dependencies: { ref: string; dependsOn?: string[] }[]
}

/** Of `…/node_modules/@oslojs/crypto/dist/x.js`: `@oslojs/crypto`. */
const packageOf = (path: string) => /.*\/?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]

/** Packages of which something is in the Workers that a deploy would send, by what the build says of itself. */
export function shippedPackages(): string[] {
  const paths = TARGETS.flatMap(({ outdir }) => {
    const { outputs }: Metafile = JSON.parse(readFileSync(join(ROOT, outdir, METAFILE), 'utf8'))
    return Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? path : [])),
    )
  })
  return [...new Set(paths.flatMap((path) => packageOf(path) ?? []))].toSorted()
}

/** What npm says of the lockfile: versions, hashes, licences, and who depends on whom. */
function lockedPackages(): Sbom {
  const npm = process.env.npm_execpath
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only']
  const [command, ...rest] = npm ? [process.execPath, npm, ...args] : ['npm', ...args]
  const run = spawnSync(command, rest, { cwd: ROOT, encoding: 'utf8', shell: !npm && process.platform === 'win32' })
  if (run.status !== 0) return fail(`npm could not say what the lockfile has: ${run.stderr}`)
  return JSON.parse(run.stdout)
}

/** The lockfile's part that ships, and nothing else. A package that ships and is not locked stops it. */
export function makeSbom(): Sbom {
  const shipped = shippedPackages()
  const locked = lockedPackages()
  const components = locked.components.filter(({ name }) => shipped.includes(name))
  const missing = shipped.filter((name) => !components.some((component) => component.name === name))
  if (missing.length > 0) fail(`These packages are in a Worker, and not among the dependencies: ${missing.join(', ')}.`)
  const own = locked.metadata.component
  const refs = new Set([own['bom-ref'], ...components.map((component) => component['bom-ref'])])
  const dependencies = locked.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }))
  const component = { ...own, name: 'candor', type: 'application' }
  return {
    ...locked,
    metadata: { ...locked.metadata, component, lifecycles: [{ phase: 'build' }] },
    components,
    dependencies,
  }
}
