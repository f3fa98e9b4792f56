import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Sbom } from '../../scripts/lib/sbom.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const read = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'))

/** Names of packages in some paths. */
const packagesIn = (paths: string[]) =>
  new Set(
    paths
      .filter((path) => path.includes('node_modules/'))
      .map((path) => (path.split('node_modules/').at(-1) ?? '').split('/'))
      .map(([first = '', second = '']) => (first.startsWith('@') ? `${first}/${second}` : first)),
  )

describe('the bill of materials', () => {
  let sbom: Sbom & { components: { hashes: { alg: string; content: string }[]; licenses: unknown[]; purl: string }[] }

  beforeAll(() => {
    const run = spawnSync(process.execPath, ['scripts/sbom.ts'], { cwd: ROOT, encoding: 'utf8' })
    expect([run.status, run.stderr]).toEqual([0, ''])
    sbom = read('dist/candor.cdx.json')
  })

  test('names every package that is in a Worker, and no other', () => {
    const metafiles = ['app', 'probe'].map((name) => read(`dist/${name}/bundle-meta.json`))
    const inputs = metafiles.flatMap(({ outputs }) =>
      Object.values(outputs as Record<string, { inputs: Record<string, { bytesInOutput: number }> }>).flatMap(
        (output) => Object.keys(output.inputs).filter((path) => (output.inputs[path]?.bytesInOutput ?? 0) > 0),
      ),
    )
    const named = sbom.components.map(({ name }) => name).toSorted()
    expect(named).toContain('hono')
    expect(named).toEqual([...packagesIn(inputs)].toSorted())
  })

  test('agrees with the source maps of what is deployed', () => {
    const sources: string[] = ['app', 'probe'].flatMap((name) => read(`dist/${name}/main.js.map`).sources)
    const named = new Set(sbom.components.map(({ name }) => name))
    // Where a package has a map of its own, that one may point past its folder, to where it was built.
    const installed = [...packagesIn(sources)].filter((name) => existsSync(join(ROOT, 'node_modules', name)))
    expect(installed.length).toBeGreaterThan(5)
    expect(installed.filter((name) => !named.has(name))).toEqual([])
  })

  test('has the version and the hash of each from the lockfile, its licence and its address', () => {
    const { packages } = read('package-lock.json')
    for (const { name, version, hashes, licenses, purl } of sbom.components) {
      const locked = packages[`node_modules/${name}`]
      expect(version).toBe(locked.version)
      const [, sha512 = ''] = /^sha512-(.+)$/.exec(locked.integrity) ?? []
      expect(hashes).toContainEqual({ alg: 'SHA-512', content: Buffer.from(sha512, 'base64').toString('hex') })
      expect(licenses.length).toBeGreaterThan(0)
      expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`)
    }
  })

  test('is CycloneDX about the application, and names nothing that it does not describe', () => {
    expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5' })
    expect(sbom.metadata.component).toMatchObject({ name: 'candor', type: 'application' })
    const own = sbom.metadata.component['bom-ref']
    const refs = new Set([own, ...sbom.components.map((one) => one['bom-ref'])])
    expect(sbom.dependencies.map(({ ref }) => ref).toSorted()).toEqual([...refs].toSorted())
    for (const { dependsOn = [] } of sbom.dependencies) for (const ref of dependsOn) expect(refs).toContain(ref)
    expect(JSON.stringify(sbom)).not.toContain(ROOT)
  })
})
