import { beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { ask, mutateAs, newPerson, type Person, signedIn } from '../lib/candor.ts'
import { dump } from '../lib/database.ts'
import { invite, memberIdsOf, signInAs } from '../lib/guest.ts'
import { mask } from '../lib/isolation.ts'
import { soundLog } from '../lib/log.ts'
import { made, settled } from '../lib/world.ts'
import { countRows } from '../sign-in/browser.ts'
import { type Providers, somebody, startProviders } from '../sign-in/providers.ts'
import { guestOf, newAddress } from '../workspace/verbs.ts'

const DAY_MS = 86_400_000

let providers: Providers
let owner: Person
beforeEach(async () => {
  providers = startProviders()
  owner = await newPerson()
})

const lastEntry = async () => (await soundLog(owner.workspaceId)).at(-1) ?? expect.unreachable()

describe('somebody new who follows the link of an invitation', () => {
  test('is sent to sign in, comes back to it, accepts, and is in that workspace and in no other', async () => {
    const who = somebody({ name: 'Grace Hopper' })
    const { id, path } = await invite(owner, who.email, 'admin')
    const first = await ask('GET', path)
    expect([first.status, first.headers.get('location')]).toEqual([303, `/sign-in?return=${encodeURIComponent(path)}`])
    const signInPage = await ask('GET', first.headers.get('location') ?? '')
    expect(signInPage.text).toContain(`href="/sign-in/google?return=${encodeURIComponent(path)}"`)

    const workspaces = await countRows('workspace')
    const { browser, landed } = await signInAs(providers, who, path)
    expect([landed, await countRows('workspace')]).toEqual([path, workspaces])
    expect((await browser.get('/v1/workspace')).status).toBe(401)
    const page = await browser.get(path)
    expect(page.text).toContain('Ada Lovelace invites you, with the role admin.')
    const accepted = await browser.post(`${path}/accept`)
    expect([accepted.status, accepted.headers.get('location')]).toEqual([303, '/monitors'])
    expect((await browser.get('/v1/workspace')).body.id).toBe(owner.workspaceId)
    expect(await countRows('workspace')).toBe(workspaces)

    const { leaf, person, text } = await lastEntry()
    const { userId } = (await ask('GET', '/v1/members', { as: owner })).body.data
      .map(({ id: userId, name }: { id: string; name: string }) => ({ userId, name }))
      .find(({ name }: { name: string }) => name === 'Grace Hopper')
    expect(leaf).toMatchObject({
      action: 'invitation.accept',
      actor: { type: 'user', id: userId },
      auth: 'invited',
      entity: { type: 'invitation', id },
      after: { role: 'admin', acceptedBy: userId },
      outcome: 'ok',
    })
    expect(JSON.parse(person?.json ?? '')).toMatchObject({ name: 'Grace Hopper', email: who.email })
    expect(text).not.toContain(who.email)
  })

  test('declines, and neither they nor their address stay', async () => {
    const who = somebody()
    const { path } = await invite(owner, who.email)
    const { browser } = await signInAs(providers, who, path)
    expect((await browser.post(`${path}/decline`)).headers.get('location')).toBe('/workspaces')
    expect((await browser.get('/workspaces')).text).toContain('You belong to no workspace just now.')
    expect((await lastEntry()).leaf).toMatchObject({ action: 'invitation.decline', after: null })
    expect(await dump(['invitation'])).not.toContain(who.email)
    expect(await memberIdsOf(owner)).toEqual([owner.userId])
    const { browser: again } = await signInAs(providers, who)
    expect((await again.get('/v1/workspace')).body.name).toBe('My workspace')
  })
})

test('somebody who has a workspace accepts, goes on in the new one, and switches back', async () => {
  const who = somebody()
  const { browser: earlier } = await signInAs(providers, who)
  const own = (await earlier.get('/v1/workspace')).body.id
  const { path } = await invite(owner, who.email, 'viewer')
  expect((await earlier.get('/workspaces')).text).toContain(path)
  const before = new Map(earlier.cookies)
  expect((await earlier.post(`${path}/accept`)).status).toBe(303)
  expect((await earlier.get('/v1/workspace')).body.id).toBe(owner.workspaceId)
  const old = [...before].map(([name, value]) => `${name}=${value}`).join('; ')
  expect((await ask('GET', '/v1/workspace', { headers: { cookie: old } })).status).toBe(401)
  expect((await earlier.post(`/workspaces/${own}/switch`)).status).toBe(303)
  expect((await earlier.get('/v1/workspace')).body.id).toBe(own)
})

describe('an invitation cannot be accepted, and nothing changes,', () => {
  /** Tries both answers, and holds the database to what it was. */
  async function refused(
    post: (action: string) => Promise<{ status: number; text: string }>,
    status: number,
    says: string,
  ) {
    await settled()
    const before = await dump()
    for (const action of ['accept', 'decline']) {
      const answer = await post(action)
      expect([action, answer.status]).toEqual([action, status])
      expect(answer.text).toContain(says)
    }
    expect(await dump()).toBe(before)
  }

  test('by somebody whose address is another, in the same words as where there is none', async () => {
    const { id, path } = await invite(owner, 'right@example.test')
    const who = somebody()
    const { browser } = await signInAs(providers, who, path)
    const says = `There is no invitation here for ${who.email}. It was withdrawn, or it is for another e-mail address.`
    await refused((action) => browser.post(`${path}/${action}`), 404, says)
    const never = newId('invitation')
    const [real, none] = [await browser.get(path), await browser.get(`/invitations/${never}`)]
    expect([real.status, mask(real.text, id)]).toEqual([none.status, mask(none.text, never)])
  })

  test('twice', async () => {
    const who = somebody()
    const { path } = await invite(owner, who.email)
    const { browser } = await signInAs(providers, who, path)
    await browser.post(`${path}/accept`)
    await refused((action) => browser.post(`${path}/${action}`), 409, 'This invitation was accepted already.')
  })

  test('after seven days, until it is sent again', async () => {
    const who = somebody()
    const { id, path } = await invite(owner, who.email)
    const { browser } = await signInAs(providers, who, path)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 7 * DAY_MS })
    try {
      await browser.get(path)
      const again = await signInAs(providers, who)
      const post = (action: string) => again.browser.post(`${path}/${action}`)
      await refused(post, 409, 'This invitation has expired. Ask for it to be sent again.')
      const as = await signedIn(owner.workspaceId, owner.userId)
      expect((await ask('POST', `/v1/invitations/${id}/resend`, { as })).status).toBe(200)
      expect((await post('accept')).status).toBe(303)
    } finally {
      vi.useRealTimers()
    }
  })

  test('after it was withdrawn', async () => {
    const who = somebody()
    const { id, path } = await invite(owner, who.email)
    const { browser } = await signInAs(providers, who, path)
    await made(owner, 'invitation.withdraw', { id })
    await refused((action) => browser.post(`${path}/${action}`), 404, 'It was withdrawn, or it is for another')
    expect(await dump(['invitation'])).not.toContain(who.email)
  })

  test('by somebody who is a member already', async () => {
    // Their account has one address, their session another that the provider has verified since.
    const who = somebody()
    const { path } = await invite(owner, who.email)
    const { browser } = await signInAs(providers, who, path)
    await browser.post(`${path}/accept`)
    const later = { ...who, email: `new-${who.email}` }
    const second = await invite(owner, later.email, 'admin')
    const { browser: moved } = await signInAs(providers, later)
    const members = await dump(['membership'])
    const answer = await moved.post(`${second.path}/accept`)
    expect([answer.status, answer.text]).toEqual([
      409,
      expect.stringContaining('You are a member of this workspace already.'),
    ])
    expect(await dump(['membership'])).toBe(members)
    expect((await lastEntry()).leaf).toMatchObject({ action: 'invitation.accept', outcome: 'conflict' })
  })

  test('by somebody who is invited to the same workspace under another address', async () => {
    const { credential } = await guestOf(owner)
    const { id } = await invite(owner, newAddress())
    await settled()
    const before = await dump()
    for (const action of ['invitation.accept', 'invitation.decline'])
      expect(await mutateAs(owner, action, { id }, { credential })).toMatchObject({ ok: false, code: 'not_found' })
    expect(await dump()).toBe(before)
  })

  test('by a click on somebody else\u2019s page', async () => {
    const who = somebody()
    const { path } = await invite(owner, who.email)
    const { browser } = await signInAs(providers, who, path)
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { cookie, 'sec-fetch-site': 'cross-site' }
    expect((await ask('POST', `${path}/accept`, { headers })).status).toBe(403)
    expect(await memberIdsOf(owner)).toEqual([owner.userId])
  })
})

describe('the address of an invitation is the one that the provider has verified at this sign-in:', () => {
  const opens = async (path: string, who: ReturnType<typeof somebody>) =>
    (await (await signInAs(providers, who, path)).browser.get(path)).status

  test('not one that the account had before it changed at the provider', async () => {
    const who = somebody()
    await signInAs(providers, who)
    const { path } = await invite(owner, who.email)
    expect(await opens(path, { ...who, email: `moved-${who.email}` })).toBe(404)
    expect(await opens(path, who)).toBe(200)
  })

  test('not one that is not verified any more', async () => {
    const who = somebody()
    await signInAs(providers, who)
    const { path } = await invite(owner, who.email)
    const { browser } = await signInAs(providers, { ...who, verified: false }, path)
    const { status, text } = await browser.get(path)
    expect([status, text]).toEqual([404, expect.stringContaining('An invitation needs a verified e-mail address.')])
  })

  test('whatever its case is, and the space around it', async () => {
    const who = somebody({ email: 'Case.Test@Example.Test' })
    const { path, email } = await invite(owner, '  CASE.test@EXAMPLE.test ')
    expect(email).toBe('case.test@example.test')
    expect(await opens(path, who)).toBe(200)
  })

  test('in the ASCII form of its domain', async () => {
    const { path, email } = await invite(owner, 'kim@B\u00fccher.test')
    expect(email).toBe('kim@xn--bcher-kva.test')
    expect(await opens(path, somebody({ email: 'kim@xn--bcher-kva.test' }))).toBe(200)
  })

  test('and a look-alike is another address', async () => {
    const { path, email } = await invite(owner, 'kim@ex\u0430mple.test')
    expect(email).toMatch(/^kim@xn--/)
    expect(await opens(path, somebody({ email: 'kim@example.test' }))).toBe(404)
  })
})

test.each([
  ['the Kelvin sign', '\u212Aim@example.test'],
  ['a Cyrillic letter before the @', 'k\u0456m@example.test'],
  ['the Kelvin sign in the domain', 'kim@\u212Aim.test'],
  ['full-width letters in the domain', 'kim@\uFF45xample.test'],
  ['a character without width', 'kim@exam\u200Bple.test'],
  ['a soft hyphen', 'kim@exam\u00ADple.test'],
  ['another full stop', 'kim@example\u3002test'],
  ['a port', 'kim@example.test:80'],
  ['two of them', 'kim@example.test, eve@example.test'],
  ['a name', 'Kim <kim@example.test>'],
  ['nothing before the @', '@example.test'],
  ['no domain', 'kim@'],
])('an address with %s is refused, with the field', async (_what, email) => {
  const { status, body } = await ask('POST', '/v1/invitations', { as: owner, body: { email } })
  expect([status, body.errors?.[0].field]).toEqual([422, 'email'])
})
