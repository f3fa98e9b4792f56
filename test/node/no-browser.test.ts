import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NOT_LOOKED_AT } from '../browser/chromium.ts'

const ROOT = join(import.meta.dirname, '..', '..')

test('without a browser the pages are skipped, and the run says so in capitals before its last line', () => {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const args = ['run', '--config', 'test/vitest.config.ts', '--root', '.', '--project', 'node']
  const reporters = ['--reporter=default', '--reporter=./scripts/test-reporter.ts']
  const outer = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'))
  const run = spawnSync(process.execPath, [vitest, ...args, ...reporters, 'test/browser/'], {
    cwd: ROOT,
    env: { ...Object.fromEntries(outer), CHROMIUM: join(ROOT, 'no-such-browser') },
    encoding: 'utf8',
  })
  expect(run.status).toBe(0)
  const lines = run.stdout.trimEnd().split('\n')
  expect(lines.slice(-2)).toEqual([NOT_LOOKED_AT, expect.stringMatching(/^0 passed, 0 failed, [1-9]\d* skipped$/)])
  expect(NOT_LOOKED_AT).toMatch(/NOT LOOKED AT/)
})
