import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../shared/ids.ts'
import type { Effect } from '../../workers/app/db/schema/outbox.ts'
import { DeploymentLog } from '../../workers/app/deployment-log/deployment-log.ts'
import { Monitoring } from '../../workers/app/monitoring/scheduler.ts'
import { exported, newMember, nightlyPass, storedExport, verdictOf, verify, vkeyOf } from '../lib/audit.ts'
import { ask, MONITOR, mutateAs, newApiKey, newWorkspaceId, type Person, signedIn, workspaceOf } from '../lib/candor.ts'
import { nextSeq, openEntry, pastTheGates, refusalOf, rowsOf, statement } from '../lib/database.ts'
import { daysLater, deleteIt, everythingKept, isGone, keptIn, ring } from '../lib/ending.ts'
import { answerIsLost, commits, databaseIsGone, neverArrives } from '../lib/faults.ts'
import { mask, quietWorld, rowsOfWorld, type World } from '../lib/isolation.ts'
import { messageOf } from '../lib/keys.ts'
import { monitoringOf } from '../lib/monitoring.ts'
import { command } from '../lib/operator.ts'
import { consume } from '../lib/outbox.ts'
import { canary, spellingsOf } from '../lib/spellings.ts'
import { made, settled } from '../lib/world.ts'

let ada: World
let owner: Person
let token: string
beforeEach(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  ada = await quietWorld('Ada')
  owner = ada.person
  token = (await newApiKey(owner)).token
  await settled()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const object = () => workspaceOf(owner.workspaceId)

/** Deleted, and so long ago that nobody can keep it any more. */
async function over(): Promise<void> {
  expect((await deleteIt(owner)).status).toBe(200)
  await settled()
  daysLater(7.01)
}

async function end(): Promise<void> {
  await over()
  await ring(object())
  expect(await isGone(object())).toBe(true)
}

/** How many rows of the workspace there are, by their table. Its people's own logs say where they were: those are theirs. */
async function leftOf(id: string): Promise<Record<string, number>> {
  const rows = (await rowsOfWorld(ada))
    .split('\n')
    .filter((row) => new RegExp(`"(?:workspace_id|log_id)":"${id}"`).test(row))
  return Object.fromEntries(
    [...Map.groupBy(rows, (row) => row.split(' ')[0] ?? '')].map(([table, list]) => [table, list.length]),
  )
}

/** The log's own end: nothing but hashes, the last entry that pruned, and the one that says that it ended. */
async function expectEnded(): Promise<void> {
  const size = await nextSeq(owner.workspaceId)
  expect(await leftOf(owner.workspaceId)).toEqual({ audit_log: size, audit_body: 2 })
  const { results } = await statement(
    'SELECT leaf FROM audit_body WHERE log_id = ? ORDER BY seq',
    owner.workspaceId,
  ).all<{
    leaf: string
  }>()
  const [pruned, ended] = results.map(({ leaf }) => JSON.parse(leaf))
  expect(pruned).toMatchObject({ action: 'audit_log.prune', seq: size - 2, after: { minimum: size - 2 } })
  expect(ended).toMatchObject({
    action: 'workspace.end',
    seq: size - 1,
    actor: { type: 'system' },
    user: null,
    person: null,
  })
  expect([await keptIn(object()), await keptIn(monitoringOf(owner.workspaceId))]).toEqual([
    { values: [['gone', true]], rows: [], alarm: null },
    { values: [], rows: [], alarm: null },
  ])
}

describe('seven days later a workspace', () => {
  test('is gone from the database and from its objects, and its neighbour is byte for byte what it was', async () => {
    const eve = await quietWorld('Eve')
    const before = await rowsOfWorld(eve)
    const [watching, writing] = [monitoringOf(eve.person.workspaceId), workspaceOf(eve.person.workspaceId)]
    const kept = [await keptIn(watching), (await keptIn(writing)).values]
    await end()
    await expectEnded()
    expect(await rowsOfWorld(eve)).toBe(before)
    expect([await keptIn(watching), (await keptIn(writing)).values]).toEqual(kept)
    vi.useRealTimers()
    expect((await ask('GET', '/v1/monitors', { as: eve.person })).body.data).toHaveLength(2)
    await nightlyPass(eve.person.workspaceId)
    expect(await verdictOf(await storedExport(eve.person.workspaceId))).toBe('sound')
  })

  test('has left no name, no address and no secret anywhere, but of people who are still there', async () => {
    const [name, url, header, hook, page, guest] = Array.from({ length: 6 }, canary)
    await made(owner, 'workspace.rename', { name })
    const config = { url: `https://hooks.example/${hook}` }
    const integrationId = await made(owner, 'integration.create', { kind: 'webhook', name: hook, config })
    const headers = [{ key: 'authorization', value: header }]
    const input = { ...MONITOR, name, url: `https://shop.example/${url}`, headers, integrationIds: [integrationId] }
    const monitorId = await made(owner, 'monitor.create', input)
    await made(owner, 'status_page.create', { title: page, slug: page?.slice(0, 40), monitorIds: [monitorId] })
    await made(owner, 'invitation.create', { email: `${guest}@example.test` })
    const client = { ip: '198.51.100.77', userAgent: `${guest}/1.0` }
    await mutateAs(owner, 'monitor.check', { id: monitorId }, { client })
    const needles = [name, url, hook, page, guest].flatMap((one) => spellingsOf(one ?? ''))
    await settled()
    const found = await everythingKept(owner)
    for (const one of [name, url, page, guest]) expect(found).toContain(one)
    await end()
    const left = await everythingKept(owner)
    expect(
      [...needles, ...spellingsOf(header ?? ''), '198.51.100.77'].filter((needle) => left.includes(needle)),
    ).toEqual([])
    expect((await rowsOf('workspace_key')).filter((row) => row.workspace_id === owner.workspaceId)).toEqual([])
    // Her account is her own: she may have other workspaces.
    expect((await rowsOf('user')).some((row) => row.id === owner.userId)).toBe(true)
  })

  test('is to everybody as if it had never been', async () => {
    const member = await newMember(owner)
    const never = newWorkspaceId()
    await end()
    const strangers = [
      await ask('GET', '/v1/monitors', { as: token }),
      await ask('GET', '/v1/monitors', { as: owner }),
      await ask('POST', '/v1/monitors', { as: member, body: MONITOR }),
    ]
    expect(strangers.map(({ status }) => status)).toEqual([401, 401, 401])
    const page = async (slug: string) => mask((await ask('GET', `/s/${slug}`)).text, slug)
    expect(await page(ada.slug)).toBe(await page('never'))
    for (const type of ['session', 'api_key', 'founder', 'invited', 'system'] as const) {
      const asked = (workspaceId: typeof never) => {
        const hash = 'a'.repeat(64)
        const keys = { keyId: newId('apiKey'), scope: 'write' as const, name: 'monitoring' }
        const verb = { founder: 'workspace.create', invited: 'invitation.decline', system: 'incident.open' }[
          type as 'founder'
        ]
        return messageOf(async () => {
          const answer = await workspaceOf(workspaceId).mutate({
            action: verb ?? 'monitor.create',
            input: type === 'founder' ? { name: 'Again' } : MONITOR,
            credential: { type, workspaceId, hash, ...keys } as never,
            surface: 'api',
            requestId: newId('request'),
            idempotencyKey: null,
            client: { ip: null, userAgent: null },
          })
          throw new Error(JSON.stringify(answer))
        })
      }
      const answer = await asked(owner.workspaceId)
      expect([type, answer]).toEqual([type, expect.stringContaining('"ok":false')])
      if (type === 'session' || type === 'api_key' || type === 'founder') expect(answer).toBe(await asked(never))
    }
    for (const path of ['audit/status', 'keys/rewrap'] as const) {
      const [real, none] = await Promise.all([owner.workspaceId, never].map((id) => command(id, path)))
      expect([path, real?.status, none?.status]).toEqual([path, 404, 404])
    }
    // Somebody who was only there gets a workspace of their own at the next sign-in: test/sign-in.
    expect((await rowsOf('membership')).filter((row) => row.user_id === owner.userId)).toEqual([])
    await expectEnded()
  })

  test('can never be again: its log takes nothing more, so nobody makes a row under its id', async () => {
    await end()
    const seq = await nextSeq(owner.workspaceId)
    expect(await refusalOf([openEntry(owner.workspaceId, seq)])).toContain('this log has ended')
    const again = await signedIn(owner.workspaceId, owner.userId)
    const credential = { type: 'sign_in', workspaceId: owner.workspaceId, userId: owner.userId } as const
    const made = await mutateAs(again, 'workspace.create', { name: 'Again' }, { credential })
    expect(made).toMatchObject({ ok: false })
    expect((await rowsOf('workspace')).filter((row) => row.workspace_id === owner.workspaceId)).toEqual([])
  })

  test('is brought back by nothing that still comes from the queue', async () => {
    await end()
    const event = { type: 'test', at: 1, workspace: { id: owner.workspaceId, name: 'x' } } as never
    const effects: Effect[] = [
      { type: 'schedule', monitorId: ada.monitorId },
      { type: 'check', monitorId: ada.monitorId },
      { type: 'suspend', suspended: false, version: 1_000_000 },
      { type: 'notify', integrationId: ada.integrationId, event },
      { type: 'mail', mail: { kind: 'invitation', invitationId: ada.invitationId } },
      { type: 'mail', mail: { kind: 'workspace_ending', userId: owner.userId } },
    ]
    const { workspaceId } = owner
    const messages = effects.map((effect) => ({ workspaceId, id: newId('outbox'), effect, attempt: 1 }))
    expect(new Set(await consume(messages))).toEqual(new Set(['done']))
    await expectEnded()
  })

  test('leaves every copy of its log sound, and the deployment log knows its end', async () => {
    const vkey = await vkeyOf(owner)
    const text = await exported(owner)
    await nightlyPass(owner.workspaceId)
    await end()
    expect((await verify(text, { keys: [vkey] })).verdict).toBe('sound')
    const receipt = await env.DEPLOYMENT_LOG.get(env.DEPLOYMENT_LOG.idFromName('deployment')).receipt(owner.workspaceId)
    const size = await nextSeq(owner.workspaceId)
    expect(atob(receipt?.match(/^extra (\S+)/m)?.[1] ?? btoa(receipt ?? ''))).toContain(`\n${size}\n`)
  })

  test('goes in steps where it is large', { timeout: 60_000 }, async () => {
    const rows = JSON.stringify(Array.from({ length: 2500 }, (_, i) => i))
    await statement(
      `INSERT INTO delivery SELECT ?, 'out_' || value, '', 'mail.x', NULL, NULL, 'failed', 1, '', 0, NULL FROM json_each(?)`,
      owner.workspaceId,
      rows,
    ).run()
    const sent = vi.spyOn(Object.getPrototypeOf(env.DB), 'batch')
    await end()
    const purged = sent.mock.calls.flatMap(([batch]) =>
      (batch as { statement: string }[]).filter(({ statement: text }) => text.startsWith('delete from "delivery"')),
    )
    expect(purged.length).toBeGreaterThanOrEqual(3)
    await expectEnded()
  })
})

describe('an end that is interrupted goes on until everything is gone', () => {
  /** Batches of changes of a whole end. */
  const CHANGES = 3

  test('an end is three changes: rows, texts, the last entry', async () => {
    await over()
    const before = await nextSeq(owner.workspaceId)
    await ring(object())
    expect((await nextSeq(owner.workspaceId)) - before).toBe(CHANGES)
  })

  const faults = Array.from({ length: CHANGES }, (_, i) => i).flatMap((step) =>
    (['never arrives', 'arrives, and nobody hears of it'] as const).map((what) => ({ step, what })),
  )
  test.each(faults)('when its change $step $what, and the object is started anew', async ({ step, what }) => {
    await over()
    const through = (send: () => Promise<D1Result[]>) => send()
    commits(...Array(step).fill(through), what === 'never arrives' ? neverArrives : answerIsLost)
    await ring(object())
    vi.mocked(Object.getPrototypeOf(env.DB).batch).mockRestore()
    expect(await isGone(object())).toBe(false)
    expect((await keptIn(object())).alarm).not.toBeNull()
    await evictDurableObject(object())
    await ring(object())
    await expectEnded()
  })

  test('when the database is gone, the scheduler does not answer, or the deployment log does not', async () => {
    await over()
    databaseIsGone()
    await ring(object())
    vi.mocked(Object.getPrototypeOf(env.DB).batch).mockRestore()
    expect(await isGone(object())).toBe(false)
    const noAnswer = new Error('No answer.')
    for (const broken of [
      () => vi.spyOn(Monitoring.prototype, 'erase').mockRejectedValue(noAnswer),
      () => vi.spyOn(DeploymentLog.prototype, 'add').mockRejectedValue(noAnswer),
    ]) {
      const spy = broken()
      await ring(object())
      expect(spy).toHaveBeenCalled()
      spy.mockRestore()
      expect(await isGone(object())).toBe(false)
      await evictDurableObject(object())
    }
    await ring(object())
    await expectEnded()
  })

  test('when its log was tampered with, once an operator has accepted it', async () => {
    await over()
    const last = (await nextSeq(owner.workspaceId)) - 1
    const cut = ['audit_body', 'audit_log'].map((table) =>
      statement(`DELETE FROM ${table} WHERE log_id = ? AND seq = ?`, owner.workspaceId, last),
    )
    await pastTheGates(cut)
    await ring(object())
    expect([await isGone(object()), (await keptIn(object())).alarm !== null]).toEqual([false, true])
    expect((await rowsOf('monitor')).some((row) => row.workspace_id === owner.workspaceId)).toBe(true)
    expect((await command(owner.workspaceId, 'audit/accept')).status).toBe(200)
    await ring(object())
    await expectEnded()
  })

  test('and one that is over already is left as it is', async () => {
    await end()
    await ring(object())
    await evictDurableObject(object())
    await ring(object())
    await expectEnded()
  })
})
