import { beforeEach, describe, expect, test, vi } from 'vitest'
import { sessionId } from '../../shared/contracts/account.ts'
import { nightOf } from '../lib/audit.ts'
import { accountOf, ask, newPerson, type Person, signedIn } from '../lib/candor.ts'
import { pastTheGates, type Row, statement } from '../lib/database.ts'
import { commits, databaseIsGone } from '../lib/faults.ts'
import { soundLog } from '../lib/log.ts'
import { begin, newBrowser } from '../sign-in/browser.ts'
import { type Providers, somebody, startProviders } from '../sign-in/providers.ts'

let ada: Person
let other: Person
let third: Person
let logged: ReturnType<typeof vi.spyOn>
beforeEach(async () => {
  logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  ada = await newPerson()
  other = await signedIn(ada.workspaceId, ada.userId)
  third = await signedIn(ada.workspaceId, ada.userId)
})

const idOf = ({ session }: Person) => sessionId('hash' in session ? session.hash : expect.unreachable())
const statusOf = async (as: Person) => (await ask('GET', '/v1/workspace', { as })).status
const post = (as: Person, path: string) => ask('POST', path, { as, form: {} })
const linesOf = (event: string) =>
  logged.mock.calls
    .map(([line]: unknown[]) => JSON.parse(String(line)))
    .filter((line: { event: string }) => line.event === event)

const SENTENCE =
  'Nobody can sign in as you until the operator of this Candor has looked into it, because the log of your account is no longer what was written into it.'

const TABLES = ['audit_body', 'audit_log']

/** Cuts the end of somebody's log. Answers what puts it back. */
async function cut({ userId }: Person): Promise<() => Promise<void>> {
  const taken: [string, Row][] = []
  for (const table of TABLES) {
    const columns = table === 'audit_body' ? 'log_id, seq, leaf' : '*'
    const { results } = await statement(
      `SELECT ${columns} FROM ${table} WHERE log_id = ? AND seq >= 1`,
      userId,
    ).all<Row>()
    taken.push(...results.map((row): [string, Row] => [table, row]))
  }
  await pastTheGates(TABLES.map((table) => statement(`DELETE FROM ${table} WHERE log_id = ? AND seq >= 1`, userId)))
  const put = ([table, row]: [string, Row]) =>
    statement(
      `INSERT INTO ${table} (${Object.keys(row).join()}) VALUES (${Object.keys(row).map(() => '?')})`,
      ...Object.values(row).map((value) => (Array.isArray(value) ? Uint8Array.from(value) : value)),
    )
  return () => pastTheGates(taken.map(put))
}

describe('a log that somebody has tampered with keeps nobody from ending sessions', () => {
  test('signing out', async () => {
    await cut(ada)
    expect((await ask('POST', '/sign-out', { as: ada })).headers.get('location')).toBe('/sign-in')
    expect([await statusOf(ada), await statusOf(other)]).toEqual([401, 200])
    expect(linesOf('account.unrecorded')).toMatchObject([{ action: 'session.delete', sessionId: idOf(ada) }])
  })

  test('revoking one', async () => {
    await cut(ada)
    expect((await post(ada, `/account/sessions/${idOf(other)}/revoke`)).status).toBe(303)
    expect(await Promise.all([ada, other, third].map(statusOf))).toEqual([200, 401, 200])
    expect((await post(ada, `/account/sessions/${idOf(other)}/revoke`)).status).toBe(404)
  })

  test('revoking all others, and everywhere, however many there are', async () => {
    const more = await Promise.all(Array.from({ length: 30 }, () => signedIn(ada.workspaceId, ada.userId)))
    await cut(ada)
    expect((await post(ada, '/account/sessions/revoke-others')).status).toBe(303)
    expect(await Promise.all([ada, other, ...more].map(statusOf))).toEqual([200, 401, ...more.map(() => 401)])
    expect((await post(ada, '/account/sessions/revoke-all')).status).toBe(303)
    expect(await statusOf(ada)).toBe(401)
  })

  test('nor does a database that refuses the entry', async () => {
    commits(() => Promise.reject(new Error('D1_ERROR: no such thing: SQLITE_CONSTRAINT')))
    expect((await post(ada, `/account/sessions/${idOf(other)}/revoke`)).status).toBe(303)
    expect(await statusOf(other)).toBe(401)
  })

  test('nor do personal fields that were altered, with which the database takes no entry', async () => {
    await pastTheGates([statement(`UPDATE audit_person SET json = '{}' WHERE log_id = ?`, ada.userId)])
    await expect(signedIn(ada.workspaceId, ada.userId)).rejects.toThrow(SENTENCE)
    expect((await post(ada, '/account/sessions/revoke-others')).status).toBe(303)
    expect(await Promise.all([ada, other, third].map(statusOf))).toEqual([200, 401, 401])
    expect((await nightOf(accountOf(ada.userId))).checked.finding).toEqual({ verdict: 'altered', entry: 0 })
  })

  test('a database that is gone does, and says so', async () => {
    await cut(ada)
    databaseIsGone()
    const { status } = await post(ada, `/account/sessions/${idOf(other)}/revoke`)
    vi.restoreAllMocks()
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    expect(status).toBeGreaterThanOrEqual(500)
    expect(await statusOf(other)).toBe(200)
  })
})

describe('what has no entry', () => {
  test('is kept by the account’s object, and said on the page of the log', async () => {
    await cut(ada)
    await post(ada, `/account/sessions/${idOf(other)}/revoke`)
    const { unrecorded } = await accountOf(ada.userId).logState()
    expect(unrecorded).toMatchObject(
      [{ action: 'session.revoke', sessionId: idOf(other), requestId: /^req_/ }].map((note) => ({
        ...note,
        requestId: expect.stringMatching(note.requestId),
      })),
    )
    const { text } = await ask('GET', '/account/log', { as: ada })
    expect(text).toContain('This log does not verify: truncated, first bad entry #1.')
    expect(text).toContain('Sessions ended without an entry')
    expect(text).toContain(idOf(other))
  })

  test('gets it as soon as the log takes entries again, once, and says when it was', async () => {
    const putBack = await cut(ada)
    await post(ada, `/account/sessions/${idOf(other)}/revoke`)
    await ask('POST', '/sign-out', { as: third })
    const ended = (await accountOf(ada.userId).logState()).unrecorded
    await putBack()
    await signedIn(ada.workspaceId, ada.userId)
    await signedIn(ada.workspaceId, ada.userId)
    const late = (await soundLog(ada.userId)).slice(4)
    expect(late.map(({ leaf }) => [leaf.action, leaf.entity.id, leaf.after?.endedAt ?? null])).toEqual([
      ['session.revoke', idOf(other), new Date(ended[0]?.at ?? 0).toISOString()],
      ['session.delete', idOf(third), new Date(ended[1]?.at ?? 0).toISOString()],
      ['session.create', expect.any(String), null],
      ['session.create', expect.any(String), null],
    ])
    // Of whoever comes with them, they say nothing.
    expect(late.slice(0, 2).map(({ leaf }) => [leaf.person, leaf.requestId])).toEqual(
      ended.map(({ requestId }) => [null, requestId]),
    )
    expect((await accountOf(ada.userId).logState()).unrecorded).toEqual([])
    const { results } = await statement(
      'SELECT 1 FROM session WHERE user_id = ? AND last_seen_at = 0',
      ada.userId,
    ).all()
    expect(results).toEqual([])
  })
})

describe('and it lets nobody in', () => {
  let providers: Providers
  beforeEach(() => {
    providers = startProviders()
  })

  test('a new sign-in is refused, in one sentence, and so is a copy of the log', async () => {
    const who = somebody()
    const first = newBrowser()
    await first.get(providers.consent(await begin(first, 'github'), who).href)
    const row = await statement('SELECT id FROM user WHERE email = ?', who.email).first<{ id: string }>()
    await cut({ ...ada, userId: row?.id ?? '' })
    const second = newBrowser()
    const answer = await second.get(providers.consent(await begin(second, 'github'), who).href)
    expect(answer.status).toBe(503)
    expect(answer.text).toContain(SENTENCE)
    expect((await first.get('/v1/workspace')).status).toBe(200)
    expect((await first.get('/account/log/export?format=ndjson')).status).toBe(503)
    // Whoever tries the address at another provider learns nothing of it.
    const stranger = newBrowser()
    const tried = await stranger.get(
      providers.consent(await begin(stranger, 'google'), somebody({ email: who.email })).href,
    )
    expect(tried.status).toBe(403)
    expect(tried.text).toContain('Sign in with GitHub, then link this Google account.')
    expect(linesOf('sign_in.refusal_not_noted')).toHaveLength(1)
  })
})

describe('signing in again in the same browser', () => {
  test('ends the session that it had: a new token each time, and the old one is good for nothing', async () => {
    const providers = startProviders()
    const who = somebody()
    const browser = newBrowser()
    const go = async () => browser.get(providers.consent(await begin(browser, 'github'), who).href)
    await go()
    const old = browser.cookies.get('__Host-candor') ?? ''
    expect((await go()).status).toBe(303)
    expect(browser.cookies.get('__Host-candor')).not.toBe(old)
    expect((await browser.get('/v1/workspace')).status).toBe(200)
    expect((await ask('GET', '/v1/workspace', { headers: { cookie: `__Host-candor=${old}` } })).status).toBe(401)
    const row = await statement('SELECT id FROM user WHERE email = ?', who.email).first<{ id: string }>()
    const actions = (await soundLog(row?.id ?? '')).map(({ leaf }) => leaf.action)
    expect(actions).toEqual(['account.create', 'session.create', 'session.create', 'session.delete'])
  })

  test('as somebody else ends it too, in the log of the one whose it was', async () => {
    const providers = startProviders()
    const browser = newBrowser()
    browser.cookies.set('__Host-candor', ada.cookie.split('=')[1] ?? '')
    expect((await browser.get(providers.consent(await begin(browser, 'google'), somebody()).href)).status).toBe(303)
    expect([await statusOf(ada), await statusOf(other)]).toEqual([401, 200])
    expect((await soundLog(ada.userId)).at(-1)?.leaf).toMatchObject({ action: 'session.delete', user: ada.userId })
  })
})
