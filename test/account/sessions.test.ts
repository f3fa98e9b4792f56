import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { sessionId } from '../../shared/contracts/account.ts'
import { accountOf, ask, identityOf, newPerson, newWorkspaceId, type Person, signedIn } from '../lib/candor.ts'
import { pastTheGates, statement } from '../lib/database.ts'
import { soundLog } from '../lib/log.ts'
import { countOf } from '../pages/render.ts'

const DAY_MS = 86_400_000

let ada: Person
let other: Person
beforeEach(async () => {
  ada = await newPerson()
  other = await signedIn(ada.workspaceId, ada.userId)
})

const hashOf = ({ session }: Person) => ('hash' in session ? session.hash : expect.unreachable())
const idOf = (person: Person) => sessionId(hashOf(person))
const statusOf = async (as: Person) => (await ask('GET', '/v1/workspace', { as })).status
const post = (as: Person, path: string) => ask('POST', path, { as, form: {} })
const revoke = (as: Person, id: string) => post(as, `/account/sessions/${id}/revoke`)
const revokes = async ({ userId }: Person) =>
  (await soundLog(userId)).map(({ leaf }) => leaf).filter(({ action }) => action === 'session.revoke')
/** A session of the same person in another workspace that they belong to. */
async function elsewhere({ userId }: Person): Promise<Person> {
  const there = await newPerson('Grace Hopper', newWorkspaceId())
  await pastTheGates([statement('INSERT INTO membership VALUES (?, ?, ?, ?)', there.workspaceId, userId, 'member', 1)])
  return signedIn(there.workspaceId, userId)
}

describe('the page of an account', () => {
  test('says who one is, how one signs in, and which sessions there are', async () => {
    const { status, text } = await ask('GET', '/account', { as: ada })
    expect(status).toBe(200)
    for (const words of ['Ada Lovelace', `${ada.userId.toLowerCase()}@example.test`, 'https://github.test', 'GitHub'])
      expect(text).toContain(words)
    expect([idOf(ada), idOf(other)].filter((id) => text.includes(id))).toHaveLength(2)
    expect(countOf(text, /This one/g)).toBe(1)
    // This one is ended by signing out; only the others can be revoked.
    expect(text).toContain(`href="/account/sessions/${idOf(other)}/revoke"`)
    expect(text).not.toContain(`/account/sessions/${idOf(ada)}/revoke`)
    expect(text).not.toContain(hashOf(ada).slice(0, 24))
  })

  test('has the sessions of every workspace, and none that has ended or is of somebody else', async () => {
    const there = await elsewhere(ada)
    const idle = await signedIn(ada.workspaceId, ada.userId, Date.now() - 8 * DAY_MS)
    const eve = await newPerson('Eve')
    const { text } = await ask('GET', '/account', { as: ada })
    expect([there, idle, eve].map((one) => text.includes(idOf(one)))).toEqual([true, false, false])
    expect(text).not.toContain(eve.userId)
  })

  test('says in plain words on which device and from where somebody signed in', async () => {
    const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0'
    const made = await accountOf(ada.userId).mutate({
      type: 'session.create',
      userId: ada.userId,
      provider: 'google',
      identity: identityOf(ada.userId),
      newcomer: null,
      session: { hash: 'ab'.repeat(32), attempt: 'once', workspaceId: ada.workspaceId },
      requestId: 'req_1',
      client: { ip: '198.51.100.7', country: 'DE', userAgent },
      now: Date.now(),
    })
    expect(made.ok).toBe(true)
    for (const path of ['/account', '/account/log']) {
      const { text } = await ask('GET', path, { as: ada })
      expect(text).toMatch(/Firefox on Linux.*?Germany, 198\.51\.100\.7/s)
    }
  })

  test('says so of a session that went on in another workspace, and the log does in words', async () => {
    const there = await elsewhere(ada)
    const made = await accountOf(ada.userId).mutate({
      type: 'session.switch',
      userId: ada.userId,
      hash: hashOf(there),
      session: { hash: 'ba'.repeat(32), workspaceId: ada.workspaceId },
      requestId: 'req_1',
      client: { ip: '198.51.100.8', country: 'FR', userAgent: null },
      now: Date.now(),
    })
    expect(made.ok).toBe(true)
    expect((await ask('GET', '/account', { as: ada })).text).toContain('France, 198.51.100.8')
    expect((await ask('GET', '/account/log', { as: ada })).text).toContain('Went on in another workspace')
  })

  test('is linked from every page of the dashboard, and is not for API keys', async () => {
    expect((await ask('GET', '/monitors', { as: ada })).text).toContain('href="/account"')
    const { body } = await ask('POST', '/v1/api-keys', { as: ada, body: { name: 'k', scope: 'write' } })
    expect((await ask('GET', '/account', { as: body.token })).status).toBe(403)
    expect((await ask('GET', '/v1/account/audit/checkpoint', { as: body.token })).status).toBe(403)
  })
})

describe('revoking', () => {
  test('one session is asked for on a page of its own, is an entry, and ends it at its very next request', async () => {
    const confirm = await ask('GET', `/account/sessions/${idOf(other)}/revoke`, { as: ada })
    expect(confirm.text).toContain(`<form class="form" method="post" action="/account/sessions/${idOf(other)}/revoke"`)
    expect(await statusOf(other)).toBe(200)
    const answer = await revoke(ada, idOf(other))
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/account'])
    expect(await statusOf(other)).toBe(401)
    expect(await statusOf(ada)).toBe(200)
    expect(await revokes(ada)).toMatchObject([
      {
        actor: { type: 'user', id: ada.userId },
        auth: 'session',
        surface: 'dashboard',
        entity: { type: 'session', id: idOf(other) },
        before: { provider: 'github', createdAt: expect.any(String), lastSeenAt: expect.any(String) },
        after: null,
        outcome: 'ok',
      },
    ])
  })

  test('reaches a session in another workspace', async () => {
    const there = await elsewhere(ada)
    expect(await statusOf(there)).toBe(200)
    await revoke(ada, idOf(there))
    expect(await statusOf(there)).toBe(401)
  })

  test('all others leaves this one, with an entry for each', async () => {
    const all = [other, await elsewhere(ada)]
    for (let i = 0; i < 43; i++) all.push(await signedIn(ada.workspaceId, ada.userId))
    expect((await ask('GET', '/account/sessions/revoke-others', { as: ada })).text).toContain('method="post"')
    expect((await post(ada, '/account/sessions/revoke-others')).headers.get('location')).toBe('/account')
    expect(await Promise.all([ada, ...all].map(statusOf))).toEqual([200, ...all.map(() => 401)])
    const named = (await revokes(ada)).map(({ entity }) => entity.id)
    expect(named.toSorted()).toEqual(all.map(idOf).toSorted())
  })

  test('everywhere ends this one as well, last, and takes its cookie', async () => {
    const answer = await post(ada, '/account/sessions/revoke-all')
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in'])
    expect(answer.headers.getSetCookie().join()).toMatch(/^__Host-candor=;.*max-age=0/i)
    expect(await Promise.all([ada, other].map(statusOf))).toEqual([401, 401])
    expect((await revokes(ada)).map(({ entity }) => entity.id)).toEqual([idOf(other), idOf(ada)])
    const { results } = await statement('SELECT 1 FROM session WHERE user_id = ?', ada.userId).all()
    expect(results).toEqual([])
  })

  test('somebody else’s session is the same as one that never was', async () => {
    const eve = await newPerson('Eve')
    const never = `ses_${'0'.repeat(16)}`
    for (const method of ['GET', 'POST']) {
      const asked = (id: string) =>
        ask(method, `/account/sessions/${id}/revoke`, { as: eve, ...(method === 'POST' && { form: {} }) })
      const [theirs, none] = [await asked(idOf(ada)), await asked(never)]
      expect([theirs.status, none.status]).toEqual([404, 404])
      const masked = ({ text }: { text: string }) => text.replaceAll(/req_\w+/g, '')
      expect(masked(theirs)).toBe(masked(none))
    }
    await post(eve, '/account/sessions/revoke-others')
    expect(await Promise.all([ada, other, eve].map(statusOf))).toEqual([200, 200, 200])
    expect(await revokes(eve)).toEqual([])
  })

  test('is not for a session that has ended itself, nor twice', async () => {
    expect((await revoke(ada, idOf(other))).status).toBe(303)
    expect((await revoke(ada, idOf(other))).status).toBe(404)
    expect((await revoke(other, idOf(ada))).status).toBe(303)
    expect(await statusOf(ada)).toBe(200)
    const idle = await signedIn(ada.workspaceId, ada.userId, Date.now() - 8 * DAY_MS)
    const answer = await revoke(idle, idOf(ada))
    expect([answer.status, answer.headers.get('location')]).toEqual([303, expect.stringMatching(/^\/sign-in/)])
    expect(await statusOf(ada)).toBe(200)
  })

  test('waits for nobody: ten at once are ten entries', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => signedIn(ada.workspaceId, ada.userId)))
    const answers = await Promise.all(all.map((one) => revoke(ada, idOf(one))))
    expect(answers.map(({ status }) => status)).toEqual(all.map(() => 303))
    expect(await revokes(ada)).toHaveLength(10)
  })
})

describe('when a session was seen last', () => {
  const seen = (person: Person) =>
    env.DB.prepare('SELECT last_seen_at FROM session WHERE hash = ?').bind(hashOf(person)).first<number>('last_seen_at')

  test('is noted by a change as well, once an hour at most', async () => {
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start })
    try {
      const fresh = await signedIn(ada.workspaceId, ada.userId, start)
      const rename = () => ask('PATCH', '/v1/workspace', { as: fresh, body: { name: crypto.randomUUID() } })
      vi.setSystemTime(start + 3_600_000)
      await rename()
      expect(await seen(fresh)).toBe(start)
      vi.setSystemTime(start + 3_600_001)
      expect((await rename()).status).toBe(200)
      expect(await seen(fresh)).toBe(start + 3_600_001)
    } finally {
      vi.useRealTimers()
    }
  })

  test('never brings back one that has ended without an entry: the database refuses that, too', async () => {
    await statement('UPDATE session SET last_seen_at = 0 WHERE hash = ?', hashOf(other)).run()
    expect(await statusOf(other)).toBe(401)
    const revive = statement('UPDATE session SET last_seen_at = ? WHERE hash = ?', Date.now(), hashOf(other)).run()
    await expect(revive).rejects.toThrow('this session has ended')
    expect(await statusOf(other)).toBe(401)
  })
})
