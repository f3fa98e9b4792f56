import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { V4WorkerOptionsShape } from 'miniflare'
import { ROOT } from './settings.ts'

export const OPTIONS = 'worker-options.json'

/**
 * Notes what a Worker runs with, read as wrangler reads it for a deploy, so that one machine and a deployment run under
 * the same rules. Part of a build: loading wrangler is a third of a start.
 */
export function writeWorkerOptions({ config, outdir }: { config: string; outdir: string }): void {
  const { unstable_getMiniflareWorkerOptions: read } = createRequire(import.meta.url)('wrangler')
  writeFileSync(join(ROOT, outdir, OPTIONS), JSON.stringify(read(join(ROOT, config)).workerOptions))
}

export function workerOptions(outdir: string) {
  const all: V4WorkerOptionsShape = JSON.parse(readFileSync(join(ROOT, outdir, OPTIONS), 'utf8'))
  // A built Worker needs no rules for modules; the assets have a Worker of their own.
  const { modulesRules: _rules, assets: _assets, ...options } = all
  return { ...options, rootPath: ROOT, modules: true as const, modulesRoot: ROOT }
}
