import { runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { ACCOUNT_LIMITS } from '../../workers/app/services/limits.ts'
import { get, nightOf, verdictOf, verify } from '../lib/audit.ts'
import { accountOf, ask, identityOf, NO_CLIENT, newPerson, type Person, signedIn } from '../lib/candor.ts'
import { pastTheGates, refusalOf, statement } from '../lib/database.ts'
import { answerIsLost, commits } from '../lib/faults.ts'
import { readLog } from '../lib/log.ts'
import { leavesOf } from '../lib/varied-log.ts'

const DAY_MS = 86_400_000

let ada: Person
beforeEach(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  ada = await newPerson()
  for (let i = 0; i < 4; i++) await signedIn(ada.workspaceId, ada.userId)
})
afterEach(() => {
  vi.useRealTimers()
})

const night = ({ userId }: Person) => nightOf(accountOf(userId))
const exported = async (as: Person) => (await get(as, '/account/log/export?format=ndjson')).text
const pageOf = async (as: Person) => (await ask('GET', '/account/log', { as })).text
const actionsOf = async ({ userId }: Person) => (await leavesOf(userId)).map(({ leaf }) => leaf.action)
const people = async ({ userId }: Person) =>
  (await statement('SELECT json FROM audit_person WHERE log_id = ?', userId).all<{ json: string }>()).results

/** Somebody who signed in from two places longer ago than that is kept, and again now. */
async function longAgo(): Promise<Person> {
  const then = Date.now() - (ACCOUNT_LIMITS.auditDays + 1) * DAY_MS
  vi.useFakeTimers({ toFake: ['Date'], now: then })
  const person = await newPerson('Grace Hopper')
  const client = { ip: '198.51.100.7', userAgent: 'Old/1.0' }
  const session = { hash: 'cd'.repeat(32), attempt: newId('request'), workspaceId: person.workspaceId }
  const common = { userId: person.userId, requestId: newId('request'), client, now: then }
  await accountOf(person.userId).mutate({
    type: 'session.create',
    provider: 'github',
    identity: identityOf(person.userId, 'Grace Hopper'),
    newcomer: null,
    session,
    ...common,
  })
  vi.useRealTimers()
  return signedIn(person.workspaceId, person.userId)
}

describe('every night the log of an account is checked from its first entry on', () => {
  test('which an account’s object sets out to do by itself', async () => {
    const alarm = await runInDurableObject(accountOf(ada.userId), (_, { storage }) => storage.getAlarm())
    expect(alarm).not.toBeNull()
  })

  test('and nothing is found where nothing was done, after a lost answer neither', async () => {
    commits(answerIsLost)
    await expect(signedIn(ada.workspaceId, ada.userId)).rejects.toThrow()
    expect((await night(ada)).checked.finding).toBeNull()
    expect(await pageOf(ada)).toMatch(/Verified to #6/)
  })

  test.each([
    [
      'a text that was altered',
      `UPDATE audit_body SET leaf = replace(leaf, 'github', 'gitlab') WHERE log_id = ? AND seq = 2`,
      'altered',
      2,
    ],
    ['a text that was deleted', 'DELETE FROM audit_body WHERE log_id = ? AND seq = 1', 'missing', 1],
  ])('%s is found, said on the page, and told by an export', async (_, sql, verdict, entry) => {
    await pastTheGates([statement(sql, ada.userId)])
    expect((await night(ada)).checked.finding).toEqual({ verdict, entry })
    expect(await pageOf(ada)).toContain(`This log does not verify: ${verdict}, first bad entry #${entry}.`)
    expect(await verdictOf(await exported(ada))).toBe(`${verdict} at ${entry}`)
  })
})

describe('what is older than it is kept', () => {
  test('goes at night, texts and the personal fields that only they had; the log stays sound', async () => {
    const grace = await longAgo()
    expect((await people(grace)).map(({ json }) => json).join()).toContain('198.51.100.7')
    expect((await night(grace)).checked.finding).toBeNull()
    expect(await actionsOf(grace)).toEqual(['session.create', 'audit_log.prune'])
    expect((await leavesOf(grace.userId)).at(-1)?.leaf).toMatchObject({
      actor: { type: 'system', id: 'retention' },
      user: null,
      entity: { id: grace.userId },
      before: { minimum: 0 },
      after: { minimum: 3 },
      person: null,
    })
    // The fields that the newest sign-in shares with the oldest stay.
    const kept = await people(grace)
    expect(kept).toHaveLength(1)
    expect(kept[0]?.json).toContain('Grace Hopper')
    expect(kept[0]?.json).not.toContain('198.51.100.7')
    expect((await night(grace)).checked.finding).toBeNull()
    const text = await exported(grace)
    expect(await verify(text)).toMatchObject({ verdict: 'sound', pruned: 3 })
    expect(await pageOf(grace)).toContain('Old entries pruned')
  })

  test('is nothing, of a log that is younger; and of one that is not right nothing goes', async () => {
    await night(ada)
    expect(await actionsOf(ada)).not.toContain('audit_log.prune')
    const grace = await longAgo()
    await pastTheGates([
      statement(`UPDATE audit_body SET leaf = replace(leaf, 'github', 'x') WHERE log_id = ? AND seq = 2`, grace.userId),
    ])
    await night(grace)
    expect(await actionsOf(grace)).not.toContain('audit_log.prune')
  })

  test('and rows of sessions that have been over for long; not those that wait for their entry', async () => {
    const [over, ended] = [
      await signedIn(ada.workspaceId, ada.userId, Date.now() - 31 * DAY_MS),
      await signedIn(ada.workspaceId, ada.userId, Date.now() - 31 * DAY_MS),
    ]
    const hashOf = ({ session }: Person) => ('hash' in session ? session.hash : expect.unreachable())
    await statement('UPDATE session SET last_seen_at = 0 WHERE hash = ?', hashOf(ended)).run()
    await night(ada)
    const { results } = await statement('SELECT hash FROM session WHERE user_id = ?', ada.userId).all<{
      hash: string
    }>()
    expect(results).toHaveLength(6)
    expect(results.map(({ hash }) => hash)).not.toContain(hashOf(over))
    expect(results.map(({ hash }) => hash)).toContain(hashOf(ended))
  })

  test('personal fields that a text still commits to are not taken along: the database refuses it', async () => {
    const [entry] = (await readLog(ada.userId)).slice(-1)
    const seq = (entry?.seq ?? 0) + 1
    const leaf = JSON.stringify({ ...entry?.leaf, seq, action: 'audit_log.prune', after: { minimum: 1 }, person: null })
    const open = statement('INSERT INTO audit_body (log_id, seq, leaf) VALUES (?, ?, ?)', ada.userId, seq, leaf)
    const take = statement('DELETE FROM audit_person WHERE log_id = ?', ada.userId)
    expect(await refusalOf([open, take])).toContain('audit log is append-only')
    expect(await people(ada)).toHaveLength(1)
  })
})

test('the personal fields of an account’s log can be erased; its proofs hold, and Candor itself says that they were', async () => {
  const common = { userId: ada.userId, requestId: newId('request'), client: NO_CLIENT, now: Date.now() }
  expect(await accountOf(ada.userId).mutate({ type: 'person.erase', ...common })).toMatchObject({ ok: true })
  expect(await people(ada)).toEqual([])
  expect((await leavesOf(ada.userId)).at(-1)?.leaf).toMatchObject({
    action: 'person.erase',
    actor: { type: 'system', id: 'erasure' },
    entity: { id: ada.userId },
    before: { kept: 1 },
    person: null,
  })
  expect((await night(ada)).checked.finding).toBeNull()
  expect(await verify(await exported(ada))).toMatchObject({ verdict: 'sound', erased: 6 })
})
