import type { AccountView, SessionView } from '../../../shared/contracts/account.ts'
import { From } from './components/origin.tsx'
import { Heading, Section } from './components/page-parts.tsx'
import { Badge } from './components/status.tsx'
import { type Column, Table } from './components/table.tsx'
import { Ago, Time } from './components/time.tsx'
import { Identities, type ProviderNames } from './identities.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface AccountProps {
  viewer: Viewer
  account: AccountView
  sessions: SessionView[]
  /** Where there may be more sessions than are shown. */
  atMost: number
  /** Ways to sign in that one may have. */
  maxIdentities: number
  providers: ProviderNames
  now: number
}

const sessionColumns = (providers: ProviderNames, now: number): Column<SessionView>[] => [
  {
    title: 'Device',
    kind: 'head',
    show: (session) => (
      <From origin={session}>
        {session.current ? (
          <Badge tone="up" icon="up">
            This one
          </Badge>
        ) : null}
      </From>
    ),
  },
  { title: 'Last seen', show: ({ lastSeenAt }) => <Ago at={lastSeenAt} now={now} narrow /> },
  {
    title: 'Signed in',
    show: ({ createdAt, provider }) => (
      <>
        <Time at={createdAt} />
        <span class="muted below"> with {providers.get(provider) ?? provider}</span>
      </>
    ),
  },
  {
    title: 'In the log',
    show: ({ id }) => (
      <a href={`/account/log?entity=${id}`}>
        <code>{id}</code>
      </a>
    ),
  },
  {
    title: 'Actions',
    kind: 'actions',
    show: ({ id, current }) =>
      current ? null : (
        <a class="btn btn-sm" href={`/account/sessions/${id}/revoke`}>
          Revoke
        </a>
      ),
  },
]

function Sessions({ sessions, atMost, providers, now }: Omit<AccountProps, 'viewer' | 'account' | 'maxIdentities'>) {
  return (
    <Section id="sessions" title="Where you are signed in">
      <p class="muted">
        In every workspace. A session ends after 7 days without use, and after 30 days in any case. Use is noted once an
        hour. The device is what the browser says of itself.
      </p>
      <Table caption="Your sessions, last used first" columns={sessionColumns(providers, now)} rows={sessions} />
      {sessions.length < atMost ? null : (
        <p class="muted">These are the {atMost} that were used last. There may be more.</p>
      )}
      <div class="row">
        {sessions.length > 1 ? (
          <a class="btn" href="/account/sessions/revoke-others">
            Revoke all others
          </a>
        ) : null}
        <a class="btn" href="/account/sessions/revoke-all">
          Sign out everywhere
        </a>
      </div>
    </Section>
  )
}

export function AccountPage({ viewer, account, maxIdentities, ...rest }: AccountProps) {
  return (
    <Dashboard title="Your account" viewer={viewer} current="/account">
      <div class="stack-sm">
        <Heading title="Your account">
          <a class="btn" href="/account/log">
            Account log
          </a>
        </Heading>
        <p class="lead wrap">
          {account.name}, {account.email}
        </p>
        <p class="small muted">
          <code>{account.id}</code>, since <Time at={account.createdAt} />
        </p>
      </div>
      <Sessions {...rest} />
      <Identities account={account} limit={maxIdentities} providers={rest.providers} now={rest.now} />
      <Section id="end" title="Delete your account">
        <p>
          <a class="btn" href="/account/delete">
            Delete your account
          </a>
        </p>
      </Section>
    </Dashboard>
  )
}
