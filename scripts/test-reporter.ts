import { relative } from 'node:path'
import type { Reporter, TestModule, TestSpecification, Vitest } from 'vitest/node'
import { CLAIMS } from '../shared/trust/claims.ts'
import { chromiumPath, NOT_LOOKED_AT } from '../test/browser/chromium.ts'
import { type Outcome, unproven } from './lib/proofs.ts'

/** Whether a run had the tests for a browser in it, and no browser. */
const lacksBrowser = (modules: readonly TestModule[]) =>
  !chromiumPath() && modules.some(({ moduleId }) => moduleId.includes('/test/browser/'))

/**
 * The last line of a run, for machines: `N passed, N failed, N skipped`. A file that does not load has failed. So has
 * each claim of /security whose proof a whole run did not pass. Before it, in capitals, what a machine without a browser
 * could not try.
 */
export default class TestReporter implements Reporter {
  #vitest: Vitest | undefined
  #whole = false

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
  }

  /** A run of some files, some projects or some names says nothing about the rest. */
  async onTestRunStart(specifications: readonly TestSpecification[]): Promise<void> {
    const { config } = this.#vitest ?? {}
    const all = (await this.#vitest?.globTestSpecifications()) ?? []
    const narrowed = Boolean(config?.testNamePattern || config?.project.length || config?.shard)
    this.#whole = !narrowed && specifications.length === all.length
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0, pending: 0 }
    const outcomes: Outcome[] = []
    for (const module of modules) {
      const file = relative(this.#vitest?.config.root ?? '', module.moduleId).replaceAll('\\', '/')
      let ran = 0
      for (const test of module.children.allTests()) {
        ran++
        const { state } = test.result()
        counts[state]++
        outcomes.push({ file, test: test.fullName, state })
      }
      if (ran === 0 || (module.errors().length > 0 && module.state() === 'failed')) counts.failed++
    }
    const missing = this.#whole ? unproven(CLAIMS, outcomes) : []
    if (missing.length > 0) process.exitCode = 1
    // After the other reporters' closing words.
    const notice = lacksBrowser(modules) ? [NOT_LOOKED_AT] : []
    process.on('exit', () => {
      for (const line of [...missing, ...notice]) process.stdout.write(`${line}\n`)
      process.stdout.write(
        `${counts.passed} passed, ${counts.failed + missing.length} failed, ${counts.skipped + counts.pending} skipped\n`,
      )
    })
  }
}
