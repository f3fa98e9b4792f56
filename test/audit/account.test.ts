import { beforeEach, describe, expect, test, vi } from 'vitest'
import { pastTheGates, rowsOf, statement } from '../lib/database.ts'
import { soundLog } from '../lib/log.ts'
import { begin, newBrowser } from '../sign-in/browser.ts'
import { type Providers, type Somebody, somebody, startProviders } from '../sign-in/providers.ts'

describe('an account has a log of its own', () => {
  let providers: Providers
  beforeEach(() => {
    providers = startProviders()
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
  })

  async function signIn(who: Somebody, provider = 'github') {
    const browser = newBrowser()
    const answer = await browser.get(providers.consent(await begin(browser, provider), who).href)
    return { browser, answer }
  }
  const userIdOf = async ({ email }: Somebody): Promise<string> =>
    (await statement('SELECT id FROM user WHERE email = ?', email).first<{ id: string }>())?.id ?? expect.unreachable()
  /** The entries of somebody's account, after their hashes, ranges and commitments were made anew. */
  const entriesOf = async (who: Somebody) => (await soundLog(await userIdOf(who))).map(({ leaf }) => leaf)
  const actionsOf = async (who: Somebody) => (await entriesOf(who)).map(({ action }) => action)

  test('in which a first sign-in makes the account and a session, and the next one a session', async () => {
    const ada = somebody()
    await signIn(ada)
    const [created, session] = await entriesOf(ada)
    const userId = await userIdOf(ada)
    const [identity] = (await rowsOf('identity')).filter((row) => row.user_id === userId)
    expect(created).toMatchObject({
      action: 'account.create',
      actor: { type: 'user', id: userId },
      user: userId,
      auth: 'github',
      entity: { type: 'account', id: userId },
      before: null,
      after: { provider: 'github', issuer: 'https://github.test', identityId: identity?.id },
      outcome: 'ok',
    })
    expect(session).toMatchObject({
      action: 'session.create',
      entity: { type: 'session' },
      after: { provider: 'github' },
    })
    await signIn(ada)
    expect(await actionsOf(ada)).toEqual(['account.create', 'session.create', 'session.create'])
    // A session is named by the beginning of its hash, each one by its own, and never by more than that.
    const hashes = (await rowsOf('session')).filter((row) => row.user_id === userId).map((row) => String(row.hash))
    const named = (await entriesOf(ada)).slice(1).map(({ entity }) => entity.id)
    expect(named.toSorted()).toEqual(hashes.map((hash) => `ses_${hash.slice(0, 16)}`).toSorted())
  })

  test('in which a sign-out ends that session, once', async () => {
    const ada = somebody()
    const { browser } = await signIn(ada)
    await signIn(ada)
    const made = (await entriesOf(ada))[1]?.entity
    const cookies = new Map(browser.cookies)
    expect((await browser.post('/sign-out')).status).toBe(303)
    expect((await entriesOf(ada)).at(-1)).toMatchObject({
      action: 'session.delete',
      entity: made,
      auth: 'session',
      after: null,
    })
    for (const [name, value] of cookies) browser.cookies.set(name, value)
    expect((await browser.post('/sign-out')).status).toBe(303)
    expect(await actionsOf(ada)).toEqual(['account.create', 'session.create', 'session.create', 'session.delete'])
    const left = (await rowsOf('session')).map((row) => `ses_${String(row.hash).slice(0, 16)}`)
    expect(left).not.toContain(made?.id)
  })

  test('in which they see that somebody tried their e-mail address at another provider', async () => {
    const ada = somebody()
    await signIn(ada)
    const userId = await userIdOf(ada)
    const { answer } = await signIn(somebody({ email: ada.email, name: 'Mallory' }), 'google')
    expect(answer.status).toBe(403)
    const entries = await soundLog(userId)
    expect(entries.at(-1)?.leaf).toMatchObject({
      action: 'sign_in.refuse',
      entity: { type: 'sign_in', id: userId },
      auth: 'google',
      after: { provider: 'google' },
      outcome: 'forbidden',
    })
    // What is kept of whoever tried is their browser, and nothing of the person whose account it is.
    expect(JSON.parse(entries.at(-1)?.person?.json ?? '')).toEqual({ userAgent: 'Test/1.0' })
    expect(entries).toHaveLength(3)
  })

  test('in which they see that somebody repeated a sign-in of theirs', async () => {
    providers.misbehave({ reusableCodes: true })
    const ada = somebody()
    const browser = newBrowser()
    const callback = providers.consent(await begin(browser, 'github'), ada).href
    const thief = newBrowser()
    for (const [name, value] of browser.cookies) thief.cookies.set(name, value)
    expect((await browser.get(callback)).status).toBe(303)
    expect((await thief.get(callback)).status).toBe(400)
    const entries = await soundLog(await userIdOf(ada))
    expect(entries.at(-1)?.leaf).toMatchObject({ action: 'sign_in.refuse', auth: 'github', outcome: 'forbidden' })
    expect(entries).toHaveLength(3)
    expect((await browser.get('/account/log')).text).toContain('somebody repeated your sign-in with GitHub')
  })

  test('which says who they are only in fields that can be erased', async () => {
    const ada = somebody()
    await signIn(ada)
    const entries = await soundLog(await userIdOf(ada))
    for (const { text, person } of entries) {
      for (const word of [ada.email, ada.name]) expect(text).not.toContain(word)
      expect(JSON.parse(person?.json ?? '')).toMatchObject({ name: ada.name, email: ada.email })
    }
  })

  test('in which ten sign-ins at once are ten entries without a gap', async () => {
    const ada = somebody()
    await signIn(ada)
    const answers = await Promise.all(Array.from({ length: 10 }, () => signIn(ada)))
    expect(answers.map(({ answer }) => answer.status)).toEqual(answers.map(() => 303))
    expect(await actionsOf(ada)).toEqual(['account.create', ...Array.from({ length: 11 }, () => 'session.create')])
  })

  test('that stops them from signing in once it was tampered with', async () => {
    const ada = somebody()
    await signIn(ada)
    const userId = await userIdOf(ada)
    const cut = (table: string) => statement(`DELETE FROM ${table} WHERE log_id = ? AND seq >= 1`, userId)
    await pastTheGates([cut('audit_body'), cut('audit_log')])
    expect((await signIn(ada)).answer.status).toBe(503)
    expect(await actionsOf(ada)).toEqual(['account.create'])
  })
})
