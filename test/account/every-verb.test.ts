import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { asWorkspaceId } from '../../shared/ids.ts'
import { ACCOUNT_VERBS } from '../../workers/app/account/verbs.ts'
import { ACCOUNT_LIMITS } from '../../workers/app/services/limits.ts'
import { nightOf } from '../lib/audit.ts'
import { accountOf, ask, ORIGIN, workspaceOf } from '../lib/candor.ts'
import { daysLater, ring } from '../lib/ending.ts'
import { commits, neverArrives } from '../lib/faults.ts'
import { leavesOf } from '../lib/varied-log.ts'
import { settled } from '../lib/world.ts'
import { type Browser, SESSION_COOKIE } from '../sign-in/browser.ts'
import { identityAt, inBrowser, linkTo, personAt, unlink, withBoth, workspaceIn } from '../sign-in/linking.ts'
import { type Providers, type Somebody, somebody, startProviders } from '../sign-in/providers.ts'

let providers: Providers
let ada: Somebody
beforeEach(() => {
  providers = startProviders()
  ada = somebody()
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(() => {
  vi.useRealTimers()
})

/** Ada signs in with GitHub, as people do. */
const signIn = () => inBrowser(providers, 'github', ada)
const ownId = () => personAt('github', ada)
const cookieIn = (browser: Browser) => `${SESSION_COOKIE}=${browser.cookies.get(SESSION_COOKIE)}`

/** A form that her browser sends. */
async function send(browser: Browser, path: string, form: Record<string, string> = {}): Promise<void> {
  const { status, text } = await ask('POST', path, { headers: { cookie: cookieIn(browser), origin: ORIGIN }, form })
  expect([status, text]).toEqual([303, text])
}

const deleteAccount = (browser: Browser) => send(browser, '/account/delete', { confirm: ada.email })

/** Her account is deleted, seven days are over, and so is her workspace. Answers whose account it is. */
async function over(): Promise<string> {
  const browser = await signIn()
  const userId = await ownId()
  const workspaceId = asWorkspaceId(await workspaceIn(browser)) ?? expect.unreachable()
  await deleteAccount(browser)
  await settled()
  daysLater(7.01)
  await ring(workspaceOf(workspaceId))
  return userId
}

interface Made {
  /** What is so before. */
  before?: () => Promise<unknown>
  /** What is done. */
  by: () => Promise<unknown>
  /** The entries of the person's log that come of it, by action. */
  leaves: string[]
  /** How its maker was let in. `system`: nobody asked for it but Candor itself, by this part. */
  auth?: string
  part?: string
  outcome?: string
}

/** A step that needs what the one before it answered. */
function inTwo<T>(before: () => Promise<T>, by: (made: T) => Promise<unknown>) {
  let kept: T
  return {
    before: async () => {
      kept = await before()
    },
    by: () => by(kept),
  }
}

/** For everything that can happen to an account: how it is made through the front door, and which entries it leaves. */
const TABLE: Record<string, Made> = {
  'session.create': { before: signIn, by: signIn, leaves: ['session.create'], auth: 'github' },
  'session.switch': {
    ...inTwo(signIn, async (browser) => send(browser, `/workspaces/${await workspaceIn(browser)}/switch`)),
    leaves: ['session.switch'],
  },
  'session.delete': { ...inTwo(signIn, (browser) => send(browser, '/sign-out')), leaves: ['session.delete'] },
  'sign_in.refuse': {
    before: signIn,
    by: async () => {
      const stranger = inBrowser(providers, 'google', somebody({ email: ada.email }))
      await expect(stranger).rejects.toThrow()
    },
    leaves: ['sign_in.refuse'],
    auth: 'google',
    outcome: 'forbidden',
  },
  'session.revoke': {
    ...inTwo(
      async () => [await signIn(), await signIn()] as const,
      async ([, browser]) => send(browser, '/account/sessions/revoke-others'),
    ),
    leaves: ['session.revoke'],
  },
  'identity.link': {
    ...inTwo(signIn, (browser) => linkTo(providers, browser, 'google', somebody())),
    leaves: ['identity.link', 'session.renew'],
  },
  'identity.refuse': {
    ...inTwo(signIn, async (browser) => {
      const other = somebody()
      await inBrowser(providers, 'google', other)
      await linkTo(providers, browser, 'google', other)
    }),
    leaves: ['identity.refuse'],
    outcome: 'forbidden',
  },
  'identity.unlink': {
    ...inTwo(
      async () => {
        const there = somebody()
        const browser = await withBoth(providers, ['github', ada], ['google', there])
        return { browser, id: (await identityAt('google', there))?.id ?? '' }
      },
      ({ browser, id }) => unlink(browser, id),
    ),
    leaves: ['identity.unlink'],
  },
  'audit_log.export': {
    ...inTwo(signIn, (browser) => browser.get('/account/log/export?format=csv')),
    leaves: ['audit_log.export'],
  },
  'audit_log.prune': {
    before: async () => {
      await signIn()
      daysLater(ACCOUNT_LIMITS.auditDays + 1)
      await signIn()
    },
    by: async () => nightOf(accountOf(await ownId())),
    leaves: ['audit_log.prune'],
    part: 'retention',
  },
  'account.delete': { ...inTwo(signIn, deleteAccount), leaves: ['account.delete', 'session.revoke'] },
  'account.keep': {
    ...inTwo(
      async () => {
        await deleteAccount(await signIn())
        return signIn()
      },
      (browser) => send(browser, '/account/keep'),
    ),
    leaves: ['account.keep'],
  },
  // Its own text goes in the next step, so the next one does not arrive.
  'person.erase': {
    ...inTwo(over, async (userId) => {
      commits((send) => send(), neverArrives)
      await ring(accountOf(userId))
    }),
    leaves: ['person.erase'],
    part: 'erasure',
  },
  // Before the last entry the texts of all others go.
  'account.end': {
    ...inTwo(over, (userId) => ring(accountOf(userId))),
    leaves: ['audit_log.prune', 'account.end'],
    part: 'ending',
  },
}

test('everything that can happen to an account has a row in the table of these tests', () => {
  const missing = Object.keys(ACCOUNT_VERBS).filter((verb) => !(verb in TABLE))
  const sentences = missing.map((verb) => `${verb} has no row: say here how it is made, and which entries it leaves.`)
  expect(sentences).toEqual([])
  expect(Object.keys(TABLE).filter((verb) => !(verb in ACCOUNT_VERBS))).toEqual([])
})

/** Who did it, as the entry has to say. */
function makerOf({ auth = 'session', part }: Made, userId: string, action: string) {
  if (part === undefined)
    return { surface: 'dashboard', actor: { type: 'user', id: userId }, user: userId, auth, person: expect.any(String) }
  const by = action === 'audit_log.prune' ? 'retention' : part
  return { surface: 'system', actor: { type: 'system', id: by }, user: null, auth: 'system', person: null }
}

const textsOf = async (userId: string) => (await leavesOf(userId)).map(({ leaf }) => leaf)

test.each(Object.entries(TABLE))('%s leaves exactly its entries', async (_verb, made) => {
  await made.before?.()
  const userId = await ownId()
  await settled()
  const before = (await textsOf(userId)).at(-1)?.seq ?? -1
  await made.by()
  await settled()
  const added = (await textsOf(userId)).filter(({ seq }) => seq > before)
  expect(added.map(({ action }) => action)).toEqual(made.leaves)
  for (const leaf of added)
    expect(leaf).toMatchObject({
      ...makerOf(made, userId, leaf.action),
      log: userId,
      outcome: made.outcome ?? 'ok',
    })
})

test('a first sign-in leaves the account as well as its session', async () => {
  await signIn()
  const made = await textsOf(await ownId())
  expect(made.map(({ action, auth, surface }) => [action, auth, surface])).toEqual([
    ['account.create', 'github', 'dashboard'],
    ['session.create', 'github', 'dashboard'],
  ])
})
