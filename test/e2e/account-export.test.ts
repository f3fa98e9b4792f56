import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT } from '../../scripts/lib/settings.ts'
import { type Candor, makeBrowser, newStateDir, removeStateDir, startCandor } from './harness.ts'

const stateDir = newStateDir()
const folder = mkdtempSync(join(tmpdir(), 'candor-account-'))
let candor: Candor
beforeAll(async () => {
  candor = await startCandor({ stateDir })
})
afterAll(async () => {
  await candor.stop('SIGTERM')
  removeStateDir(stateDir)
  rmSync(folder, { recursive: true, force: true })
})

test('the copy of an account’s log that a browser gets is sound, says `npm run verify`', async () => {
  const browser = makeBrowser(candor.url)
  await browser.signIn('github', 'ada')
  await makeBrowser(candor.url).signIn('github', 'ada')
  const key = (await browser.ask('GET', '/v1/account/audit/keys')).body.data[0].vkey
  const since = join(folder, 'kept.checkpoint')
  writeFileSync(since, (await browser.ask('GET', '/v1/account/audit/checkpoint')).text)
  const copy = join(folder, 'account.ndjson')
  const answer = await browser.raw(`${candor.url}/account/log/export?format=ndjson`)
  expect(answer.status).toBe(200)
  writeFileSync(copy, await answer.text())
  const command = [join(ROOT, 'scripts', 'verify.ts'), copy, '--key', key, '--since', since]
  const said = execFileSync(process.execPath, command, { encoding: 'utf8' })
  expect(said).toMatch(/^sound\n/)
  expect(said).toContain('4 entries checked')
})
