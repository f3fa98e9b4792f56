import type { Child } from 'hono/jsx'
import type { AccountEntryView, AccountView, IdentityView, SessionView } from '../../shared/contracts/account.ts'
import { AccountPage } from '../../workers/app/pages/account.tsx'
import { AccountEndingPage, WhatBecomesOfYou } from '../../workers/app/pages/account-ending.tsx'
import { AccountLogPage } from '../../workers/app/pages/account-log.tsx'
import { AuditVerificationPage } from '../../workers/app/pages/audit-verification.tsx'
import type { LogStanding } from '../../workers/app/pages/components/audit-badge.tsx'
import { ACCOUNT_LOG } from '../../workers/app/pages/components/log-place.ts'
import { ConfirmPage } from '../../workers/app/pages/confirm.tsx'
import { LinkPage, NotLinkedPage, SignInAgainPage } from '../../workers/app/pages/link.tsx'
import type { Viewer } from '../../workers/app/pages/shells.tsx'
import * as data from './fixtures.ts'

const STANDING: LogStanding = { ...data.STANDING, place: ACCOUNT_LOG, log: data.idOf('user', 1) }

const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  'curl/8.5.0',
]
const sessionIdOf = (n: number) => `ses_${String(n).padStart(16, '0')}`
const origin = (say: data.Say, n: number) => ({
  userAgent: say(AGENTS[n % AGENTS.length] ?? ''),
  ip: n % 2 === 0 ? say('198.51.100.7') : null,
  country: n % 2 === 0 ? say('DE') : null,
})

const sessions = (say: data.Say): SessionView[] =>
  AGENTS.map((_, n) => ({
    ...origin(say, n),
    id: sessionIdOf(n),
    provider: say('github'),
    createdAt: new Date(data.NOW - n * data.DAY_MS - 60_000).toISOString(),
    lastSeenAt: new Date(data.NOW - n * data.DAY_MS - 4000).toISOString(),
    current: n === 0,
  }))

/** The first is what the session began with, the last one's address is not verified. */
const identity = (say: data.Say, n: number): IdentityView => ({
  id: data.idOf('identity', n),
  provider: say('github'),
  issuer: say('https://github.com'),
  name: say('Alex Doe'),
  email: n === 2 ? null : say('alex@acme.test'),
  createdAt: '2026-08-01T09:00:00Z',
  lastUsedAt: '2026-11-20T09:00:00Z',
  current: n === 0,
})

/** One entry of every kind. */
function entries(say: data.Say): AccountEntryView[] {
  const actions = [
    ['audit_log.prune', 'audit_log'],
    ['account.keep', 'account'],
    ['account.delete', 'account'],
    ['session.revoke', 'session'],
    ['sign_in.refuse', 'sign_in'],
    ['session.delete', 'session'],
    ['audit_log.export', 'audit_log'],
    ['identity.link', 'identity'],
    ['session.renew', 'session'],
    ['identity.unlink', 'identity'],
    ['identity.refuse', 'identity'],
    ['session.create', 'session'],
    ['account.create', 'account'],
  ] as const
  return actions.map(([action, type], n) => {
    const by = action === 'audit_log.prune' ? ('system' as const) : ('user' as const)
    const after =
      action === 'session.revoke' ? { endedAt: new Date(data.NOW).toISOString() } : { provider: say('github') }
    return {
      seq: 41 - n,
      at: new Date(data.NOW - n * 61_000).toISOString(),
      action,
      actor: { type: by, id: by === 'system' ? 'retention' : data.idOf('user', 1) },
      actorName: by === 'system' ? null : say('Alex Doe'),
      user: by === 'system' ? null : data.idOf('user', 1),
      surface: 'dashboard',
      auth: 'session',
      entity: { type, id: type === 'session' ? sessionIdOf(n) : data.idOf('user', 1) },
      before: null,
      after,
      changes: [{ field: 'provider', before: null, after: say('github') }],
      outcome: action === 'sign_in.refuse' ? 'forbidden' : 'ok',
      requestId: data.idOf('request', n),
      leafHash: '9f'.repeat(32),
      from: origin(say, n),
    }
  })
}

function linkPages(say: data.Say, viewer: Viewer, account: AccountView): [string, Child][] {
  const ways = [
    { id: 'github', name: say('GitHub') },
    { id: 'google', name: say('Google') },
  ]
  const again = { viewer, why: say('Before you link Google,'), path: '/account/link/google' }
  const authorize = 'https://accounts.google.test/auth?client_id=candor&prompt=consent'
  return [
    ['link', <LinkPage viewer={viewer} account={account} provider={say('Google')} authorize={authorize} />],
    ['sign-in-again', <SignInAgainPage {...again} ways={ways} />],
    ['sign-in-again-one', <SignInAgainPage {...again} ways={ways.slice(0, 1)} />],
    ['sign-in-again-none', <SignInAgainPage {...again} ways={[]} />],
    ['not-linked', <NotLinkedPage provider={say('Google')} message={say('You sign in with it already.')} />],
  ]
}

/** The pages of one's own account. */
export function ownPages(say: data.Say, viewer: Viewer): [string, Child][] {
  const account = {
    id: data.idOf('user', 1),
    name: say('Alex Doe'),
    email: say('alex@acme.test'),
    createdAt: '2026-08-01T09:00:00Z',
    signedInAt: '2026-11-20T09:00:00Z',
    identities: [identity(say, 0)],
  }
  const linked = { ...account, identities: [identity(say, 0), identity(say, 1), identity(say, 2)] }
  const providers = new Map([['github', say('GitHub')]])
  const own = { viewer, account, providers, maxIdentities: 10, now: data.NOW }
  const log = { viewer, providers, standing: STANDING, unrecorded: [] }
  const page = { data: entries(say), nextCursor: say('next') }
  const none = { data: [], nextCursor: null }
  const tampered = { ...STANDING, finding: { verdict: 'truncated', entry: 3 } } as const
  const filter = { action: say('session.create'), entity: say(sessionIdOf(1)) }
  const question = {
    title: say('Revoke the session of Firefox on Linux?'),
    consequence: 'That browser is signed out at its next request. You can sign in there again.',
    action: `/account/sessions/${sessionIdOf(1)}/revoke`,
    submit: 'Revoke session',
    cancel: '/account',
    current: '/account' as const,
    state: { values: {}, errors: [] },
  }
  return [
    ['account', <AccountPage {...own} sessions={sessions(say)} atMost={100} />],
    ['account-many', <AccountPage {...own} sessions={sessions(say)} atMost={3} />],
    ['account-alone', <AccountPage {...own} sessions={sessions(say).slice(0, 1)} atMost={100} />],
    ['account-linked', <AccountPage {...own} account={linked} sessions={sessions(say)} atMost={100} />],
    [
      'account-linked-most',
      <AccountPage {...own} account={linked} maxIdentities={3} sessions={sessions(say)} atMost={100} />,
    ],
    ...linkPages(say, viewer, account),
    ['account-confirm', <ConfirmPage viewer={viewer} {...question} />],
    [
      'account-delete',
      <ConfirmPage viewer={viewer} {...question} typed={account.email}>
        <WhatBecomesOfYou
          endsAt={data.NOW + 7 * data.DAY_MS}
          owned={[
            { name: say('Acme'), members: 3 },
            { name: say('Engines'), members: 1 },
          ]}
        />
      </ConfirmPage>,
    ],
    ['account-ending', <AccountEndingPage name={account.name} endsAt={data.NOW + 6 * data.DAY_MS} />],
    ['account-log', <AccountLogPage {...log} page={page} filter={filter} />],
    ['account-log-none', <AccountLogPage {...log} page={none} filter={{}} />],
    [
      'account-log-refused',
      <AccountLogPage
        {...log}
        page={null}
        filter={filter}
        errors={['to', 'colour'].map((field) => ({ field, message: say(`${field} is wrong`) }))}
      />,
    ],
    [
      'account-log-tampered',
      <AccountLogPage
        {...log}
        page={none}
        filter={{}}
        standing={tampered}
        unrecorded={[{ sessionId: sessionIdOf(1), at: data.NOW }]}
      />,
    ],
    [
      'account-verification',
      <AuditVerificationPage viewer={viewer} standing={STANDING} checkpoint={say('a checkpoint')} keys={[]} />,
    ],
  ]
}
