import type { AuditEntryView } from '../../../shared/contracts/audit.ts'
import { OUTCOMES } from '../../../shared/contracts/audit.ts'
import { type Page, SURFACES } from '../../../shared/contracts/common.ts'
import type { FieldError } from '../../../shared/errors.ts'
import { LogBadge, LogBanner, type LogStanding, SeenByBrowser } from './components/audit-badge.tsx'
import { AuditTable, SURFACE_WORDS } from './components/audit-table.tsx'
import { ErrorSummary, type FormState, Input, Select } from './components/form.tsx'
import { choices, END_FIELDS, Exports, FilterEnd, NoEntries } from './components/log-parts.tsx'
import { AUDIT_LOG } from './components/log-place.ts'
import { Heading, Older } from './components/page-parts.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

const FILTER_FIELDS = ['actor', 'action', 'entity', 'surface', 'outcome', ...END_FIELDS]

interface FilterProps {
  filter: Record<string, string>
  errors?: FieldError[] | undefined
  /** Who may be asked for: people, former ones included, and keys. */
  actors: { id: string; name: string }[]
  actions: string[]
}

function Filters({ filter, errors = [], actors, actions }: FilterProps) {
  const state: FormState = { values: filter, errors }
  const who = actors.map(({ id, name }): [string, string] => [id, name])
  const outcomes: [string, string][] = [
    ['refused', 'Refused'],
    ...OUTCOMES.map((outcome): [string, string] => [
      outcome,
      outcome === 'ok' ? 'Done' : `Refused: ${outcome.replaceAll('_', ' ')}`,
    ]),
  ]
  return (
    <form class="filters" method="get" action={AUDIT_LOG.path}>
      <Select state={state} name="actor" label="Actor" options={choices('Anybody', who, filter.actor)} />
      <Select
        state={state}
        name="action"
        label="Action"
        options={choices(
          'Any',
          actions.map((action) => [action, action]),
          filter.action,
        )}
      />
      <Input state={state} name="entity" label="Entity id" />
      <Select
        state={state}
        name="surface"
        label="Via"
        options={choices(
          'Any',
          SURFACES.map((surface) => [surface, SURFACE_WORDS[surface]]),
          filter.surface,
        )}
      />
      <Select state={state} name="outcome" label="Outcome" options={choices('Any', outcomes, filter.outcome)} />
      <FilterEnd state={state} filter={filter} path={AUDIT_LOG.path} />
    </form>
  )
}

interface AuditLogsProps extends FilterProps {
  viewer: Viewer
  /** null: the filter is none, and `errors` says why. */
  page: Page<AuditEntryView> | null
  standing: LogStanding
}

function Entries({ page, filter }: { page: Page<AuditEntryView>; filter: FilterProps['filter'] }) {
  return (
    <>
      {page.data.length > 0 ? <AuditTable entries={page.data} linked /> : <NoEntries more={page.nextCursor !== null} />}
      <Older path={AUDIT_LOG.path} query={filter} cursor={page.nextCursor} />
    </>
  )
}

export function AuditLogsPage({ viewer, page, standing, ...filters }: AuditLogsProps) {
  return (
    <Dashboard
      title="Audit log"
      viewer={viewer}
      current={AUDIT_LOG.current}
      failed={page === null}
      script="/assets/audit-log.js"
      ownFinding
    >
      <div class="stack-sm">
        <Heading title="Audit log">{page ? <Exports place={AUDIT_LOG} filter={filters.filter} /> : null}</Heading>
        <p class="muted">
          Every change, by a person, a key or Candor itself. The database refuses to change an entry or to take one out.
        </p>
        <LogBadge standing={standing} />
      </div>
      <LogBanner standing={standing} />
      <ErrorSummary errors={filters.errors ?? []} fields={FILTER_FIELDS} />
      <Filters {...filters} />
      {page ? <Entries page={page} filter={filters.filter} /> : null}
      <SeenByBrowser standing={standing} />
    </Dashboard>
  )
}
