import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { KeyStatus, KeyUse, Rewrapped } from '../shared/contracts/operator.ts'
import { fail, requireNode, StartError } from './lib/fail.ts'
import { askOperator, operatorKey, operatorUrl } from './lib/operator.ts'
import { dropKey, readKeyring, turnKeyring } from './lib/secrets.ts'
import { ROOT } from './lib/settings.ts'

/*
 * Turns the keyring that credentials are sealed under, in steps that may be interrupted anywhere and repeated: a new key
 * seals, everything that is sealed is sealed again, the old key may go. At every moment every value opens. With --url, or
 * where this machine has no secrets.json, only the second: there the key is a secret of the deployment.
 */
const USAGE = `Usage: npm run keys:rotate -- [--remove] [--url <address of Candor>]

  --remove  takes keys out of secrets.json that nothing names any more`

/** Schedulers get their copies anew through the outbox, within seconds. */
const WAIT_MS = 60_000
const PAUSE_MS = 1000

const say = (line: string) => process.stdout.write(`${line}\n`)
const isNamed = ({ values, copies }: KeyUse) => values + copies > 0

const askPage = (url: string, cursor: string | null) =>
  askOperator<KeyStatus>(url, operatorKey(), '/operator/keys/status', cursor === null ? {} : { cursor })

/** Two pages as one: the values are those of the later one, the copies of both. */
function joined(before: KeyStatus, page: KeyStatus): KeyStatus {
  const copiesOf = (kid: string) => before.keys.find((key) => key.kid === kid)?.copies ?? 0
  const known = new Set(page.keys.map(({ kid }) => kid))
  const keys = page.keys.map((key) => ({ ...key, copies: key.copies + copiesOf(key.kid) }))
  return { ...page, keys: [...keys, ...before.keys.filter(({ kid }) => !known.has(kid))] }
}

/** How things stand over all schedulers, page by page. */
async function status(url: string): Promise<KeyStatus> {
  let all = await askPage(url, null)
  while (all.next !== null) all = joined(all, await askPage(url, all.next))
  return all
}

/** Seals again whatever names another key than the active one. Answers how things stand then. */
async function sealAgain(url: string): Promise<KeyStatus> {
  const { waiting } = await status(url)
  for (const workspace of waiting) {
    const path = `/operator/workspaces/${workspace}/keys/rewrap`
    try {
      const { steps } = await askOperator<Rewrapped>(url, operatorKey(), path, {})
      say(`${workspace}: sealed again, ${steps} ${steps === 1 ? 'entry' : 'entries'} in its audit log.`)
    } catch (error) {
      // One that does not open keeps the old key needed; it must not keep the others from being sealed again.
      if (!(error instanceof StartError)) throw error
      process.exitCode = 1
      say(`${workspace}: not all of it was sealed again. ${error.message}`)
    }
  }
  const until = Date.now() + WAIT_MS
  for (;;) {
    const now = await status(url)
    const named = now.keys.some((key) => key.kid !== now.active && isNamed(key))
    if (!named || Date.now() > until) return now
    await new Promise((go) => setTimeout(go, PAUSE_MS))
  }
}

function report({ active, keys }: KeyStatus): void {
  for (const { kid, values, copies, held } of keys) {
    const use = `${values} values and ${copies} schedulers name it`
    say(`${kid}: ${kid === active ? 'seals now' : held ? 'opens' : 'IS NOT IN THE KEYRING'}; ${use}.`)
  }
}

async function rotate(url: string, stateDir: string | null, remove: boolean): Promise<void> {
  const ring = stateDir === null ? null : readKeyring(stateDir)
  const active = ring?.find(({ state }) => state === 'active')?.kid
  const { active: running } = await status(url)
  if (ring && active !== running)
    fail(`Candor still runs with the key ${running}. Stop it and start it again, then run this again.`)
  if (ring && stateDir && ring.length === 1 && !remove) {
    const next = turnKeyring(stateDir)
    say(`The new key ${next} is in secrets.json; ${active} is kept to open what it has sealed.`)
    say('Make a backup of the file, stop Candor and start it again, then run this again.')
    return
  }
  const after = await sealAgain(url)
  report(after)
  const free = after.keys.filter((key) => key.held && key.kid !== after.active && !isNamed(key))
  for (const { kid } of free) {
    if (remove && stateDir && ring) dropKey(stateDir, kid)
    const how = ring ? 'with --remove' : 'from the secret CANDOR_KEYRING'
    say(
      remove && ring
        ? `${kid} is out of secrets.json. Backups of the database from before still need it.`
        : `${kid} may be removed, ${how}. Backups of the database from before still need it.`,
    )
  }
}

try {
  requireNode()
  const { values } = parseArgs({ options: { url: { type: 'string' }, remove: { type: 'boolean' } } })
  const stateDir = values.url === undefined ? resolve(process.env.STATE_DIR || join(ROOT, '.candor')) : null
  await rotate(operatorUrl(values.url), stateDir, values.remove ?? false)
} catch (error) {
  const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  if (!isUsage && !(error instanceof StartError)) throw error
  process.stderr.write(`${isUsage ? USAGE : error.message}\n`)
  process.exitCode = isUsage ? 2 : 1
}
