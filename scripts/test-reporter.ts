import type { Reporter, TestModule } from 'vitest/node'

/** The last line of a run, for machines: `N passed, N failed, N skipped`. A file that does not load has failed. */
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
    process.on('exit', () =>
      process.stdout.write(
        `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped + counts.pending} skipped\n`,
      ),
    )
  }
}
