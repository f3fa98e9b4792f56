import { type AccountEntryView, LINKED_BY_ANOTHER, REPLAYED } from '../../../shared/contracts/account.ts'
import type { Page } from '../../../shared/contracts/common.ts'
import type { FieldError } from '../../../shared/errors.ts'
import { LogBadge, LogBanner, type LogStanding, SeenByBrowser } from './components/audit-badge.tsx'
import { AuditDiff } from './components/audit-diff.tsx'
import { ErrorSummary, type FormState, Input, Select } from './components/form.tsx'
import { pathWith } from './components/link.tsx'
import { choices, END_FIELDS, Exports, FilterEnd, NoEntries } from './components/log-parts.tsx'
import { ACCOUNT_LOG } from './components/log-place.ts'
import { From } from './components/origin.tsx'
import { Heading, Older } from './components/page-parts.tsx'
import { Badge, Banner } from './components/status.tsx'
import { type Column, Table } from './components/table.tsx'
import { Time } from './components/time.tsx'
import type { ProviderNames } from './identities.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

/** What can happen to an account, in plain words. */
export const ACCOUNT_ACTIONS: Record<string, string> = {
  'account.delete': 'Account deleted',
  'account.keep': 'Account kept',
  'session.create': 'Signed in',
  'session.delete': 'Signed out',
  'session.revoke': 'Session revoked',
  'session.switch': 'Went on in another workspace',
  'session.renew': 'Session went on under a new token',
  'identity.link': 'Way to sign in linked',
  'identity.refuse': 'Linking refused',
  'identity.unlink': 'Way to sign in unlinked',
  'sign_in.refuse': 'Sign-in refused',
  'account.create': 'Account made',
  'audit_log.export': 'Copy of this log taken',
  'audit_log.prune': 'Old entries pruned',
  'person.erase': 'Personal fields erased',
}

/** A session that ended while the log could take no entry. */
export interface UnrecordedEnd {
  sessionId: string
  at: number
}

interface AccountLogProps {
  viewer: Viewer
  /** null: the filter is none, and `errors` says why. */
  page: Page<AccountEntryView> | null
  filter: Record<string, string>
  errors?: FieldError[] | undefined
  providers: ProviderNames
  standing: LogStanding
  unrecorded: UnrecordedEnd[]
}

const textIn = (entry: AccountEntryView, field: string): string | null => {
  const value = (entry.after ?? entry.before)?.[field]
  return typeof value === 'string' ? value : null
}

/** More about it, where the action alone does not say it. */
function More({ entry, providers }: { entry: AccountEntryView; providers: ProviderNames }) {
  const provider = textIn(entry, 'provider')
  const named = provider === null ? null : (providers.get(provider) ?? provider)
  const endedAt = textIn(entry, 'endedAt')
  if (entry.action === 'sign_in.refuse' && textIn(entry, 'why') === REPLAYED)
    return <>somebody repeated your sign-in with {named}</>
  if (entry.action === 'sign_in.refuse' && textIn(entry, 'why') === LINKED_BY_ANOTHER)
    return <>somebody showed that your account at {named} is theirs, and tried to link it to another one here</>
  if (entry.action === 'sign_in.refuse') return <>somebody tried your e-mail address with {named}</>
  if (entry.action === 'session.create' || entry.action === 'account.create') return <>with {named}</>
  if (entry.entity.type === 'identity') return <>{named}</>
  if (endedAt !== null)
    return (
      <>
        already at <Time at={endedAt} />, when this log took no entry
      </>
    )
  return entry.actor.type === 'system' ? <>by Candor</> : null
}

const columnsWith = (providers: ProviderNames): Column<AccountEntryView>[] => [
  { title: '#', kind: 'num', show: ({ seq }) => seq },
  { title: 'When', show: ({ at }) => <Time at={at} /> },
  {
    title: 'What',
    kind: 'head',
    show: (entry) => (
      <>
        {entry.outcome === 'ok' ? (
          (ACCOUNT_ACTIONS[entry.action] ?? entry.action)
        ) : (
          <Badge tone="degraded" icon="degraded">
            {ACCOUNT_ACTIONS[entry.action] ?? entry.action}
          </Badge>
        )}
        <div class="small muted">
          <More entry={entry} providers={providers} />
        </div>
      </>
    ),
  },
  {
    title: 'From',
    kind: 'text',
    show: ({ from, actor }) => (actor.type === 'system' ? <span class="muted">Candor</span> : <From origin={from} />),
  },
  {
    title: 'Session',
    show: ({ entity }) =>
      entity.type === 'session' ? (
        <a href={pathWith(ACCOUNT_LOG.path, { entity: entity.id })}>
          <code>{entity.id}</code>
        </a>
      ) : null,
  },
  { title: 'Details', kind: 'text', show: (entry) => <AuditDiff entry={entry} place={ACCOUNT_LOG} /> },
]

const FILTER_FIELDS = ['action', 'entity', ...END_FIELDS]

function Filters({ filter, errors = [] }: Pick<AccountLogProps, 'filter' | 'errors'>) {
  const state: FormState = { values: filter, errors }
  const actions = choices('Anything', Object.entries(ACCOUNT_ACTIONS), filter.action)
  return (
    <form class="filters" method="get" action={ACCOUNT_LOG.path}>
      <Select state={state} name="action" label="What" options={actions} />
      <Input state={state} name="entity" label="Session id" />
      <FilterEnd state={state} filter={filter} path={ACCOUNT_LOG.path} />
    </form>
  )
}

function Unrecorded({ ends }: { ends: UnrecordedEnd[] }) {
  if (ends.length === 0) return null
  return (
    <Banner tone="degraded" icon="degraded">
      <p>
        <strong>Sessions ended without an entry, because this log took none. They stay ended.</strong>
      </p>
      <ul class="plain small">
        {ends.map(({ sessionId, at }) => (
          <li>
            <code>{sessionId}</code> <Time at={at} />
          </li>
        ))}
      </ul>
    </Banner>
  )
}

interface EntriesProps extends Pick<AccountLogProps, 'filter' | 'providers'> {
  page: Page<AccountEntryView>
}

function Entries({ page, filter, providers }: EntriesProps) {
  return (
    <>
      {page.data.length > 0 ? (
        <Table caption="Entries, newest first" columns={columnsWith(providers)} rows={page.data} />
      ) : (
        <NoEntries more={page.nextCursor !== null} />
      )}
      <Older path={ACCOUNT_LOG.path} query={filter} cursor={page.nextCursor} />
    </>
  )
}

/** The log of one's own account. */
export function AccountLogPage({ viewer, page, filter, errors, providers, standing, unrecorded }: AccountLogProps) {
  return (
    <Dashboard
      title="Account log"
      viewer={viewer}
      current="/account"
      failed={page === null}
      script="/assets/audit-log.js"
    >
      <div class="stack-sm">
        <Heading title="Account log">{page ? <Exports place={ACCOUNT_LOG} filter={filter} /> : null}</Heading>
        <p class="muted">
          Every sign-in, sign-out and revoked session of yours, and who else tried, in every workspace. Only you see it.
          Entries are kept for a year. <a href="/account">Your account</a>
        </p>
        <LogBadge standing={standing} />
      </div>
      <LogBanner standing={standing} />
      <Unrecorded ends={unrecorded} />
      <ErrorSummary errors={errors ?? []} fields={FILTER_FIELDS} />
      <Filters filter={filter} errors={errors} />
      {page ? <Entries page={page} filter={filter} providers={providers} /> : null}
      <SeenByBrowser standing={standing} />
    </Dashboard>
  )
}
