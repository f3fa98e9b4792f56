import type { Reporter, TestModule } from 'vitest/node'
import { chromiumPath, NOT_LOOKED_AT } from '../test/browser/chromium.ts'

/** Whether a run had the tests for a browser in it, and no browser. */
const lacksBrowser = (modules: readonly TestModule[]) =>
  !chromiumPath() && modules.some(({ moduleId }) => moduleId.includes('/test/browser/'))

/**
 * The last line of a run, for machines: `N passed, N failed, N skipped`. A file that does not load has failed. Before it,
 * in capitals, what a machine without a browser could not try.
 */
export default class TestReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0, pending: 0 }
    for (const module of modules) {
      let ran = 0
      for (const test of module.children.allTests()) {
        ran++
        counts[test.result().state]++
      }
      if (ran === 0 || (module.errors().length > 0 && module.state() === 'failed')) counts.failed++
    }
    // After the other reporters' closing words.
    const notice = lacksBrowser(modules) ? `${NOT_LOOKED_AT}\n` : ''
    process.on('exit', () =>
      process.stdout.write(
        `${notice}${counts.passed} passed, ${counts.failed} failed, ${counts.skipped + counts.pending} skipped\n`,
      ),
    )
  }
}
