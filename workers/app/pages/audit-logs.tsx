import type { AuditEntryView } from '../../../shared/contracts/audit.ts'
import { OUTCOMES } from '../../../shared/contracts/audit.ts'
import { type Page, SURFACES } from '../../../shared/contracts/common.ts'
import { LogBadge, LogBanner, type LogStanding, SeenByBrowser } from './components/audit-badge.tsx'
import { AUDIT_PATH, AuditTable, SURFACE_WORDS } from './components/audit-table.tsx'
import { type FormState, Input, Select } from './components/form.tsx'
import { pathWith } from './components/link.tsx'
import { Heading, Older } from './components/page-parts.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface FilterProps {
  filter: Record<string, string>
  /** Who may be asked for: people, former ones included, and keys. */
  actors: { id: string; name: string }[]
  actions: string[]
}

/** Choices with whatever is chosen now among them: a link may name what no list has. */
const choices = (any: string, known: [value: string, label: string][], chosen: string | undefined) => {
  const missing = chosen !== undefined && chosen !== '' && !known.some(([value]) => value === chosen)
  return [['', any], ...known, ...(missing ? [[chosen, chosen]] : [])] as [string, string][]
}

function Filters({ filter, actors, actions }: FilterProps) {
  const state: FormState = { values: filter, errors: [] }
  const who = actors.map(({ id, name }): [string, string] => [id, name])
  const outcomes: [string, string][] = [
    ['refused', 'Refused'],
    ...OUTCOMES.map((outcome): [string, string] => [
      outcome,
      outcome === 'ok' ? 'Done' : `Refused: ${outcome.replaceAll('_', ' ')}`,
    ]),
  ]
  return (
    <form class="filters" method="get" action={AUDIT_PATH}>
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
      <Input state={state} name="from" label="From (UTC)" type="date" />
      <Input state={state} name="to" label="To, inclusive (UTC)" type="date" />
      <div class="row">
        <button type="submit" class="btn btn-primary">
          Filter
        </button>
        {Object.values(filter).some((value) => value !== '') ? <a href={AUDIT_PATH}>Clear</a> : null}
      </div>
    </form>
  )
}

function Exports({ filter }: { filter: Record<string, string> }) {
  const path = `${AUDIT_PATH}/export`
  return (
    <>
      <a class="btn" href={pathWith(path, { ...filter, format: 'ndjson' })}>
        Export NDJSON
      </a>
      <a class="btn" href={pathWith(path, { ...filter, format: 'csv' })}>
        Export CSV
      </a>
    </>
  )
}

interface AuditLogsProps extends FilterProps {
  viewer: Viewer
  page: Page<AuditEntryView>
  standing: LogStanding
}

function Entries({ page }: Pick<AuditLogsProps, 'page'>) {
  if (page.data.length > 0) return <AuditTable entries={page.data} linked />
  return (
    <p class="muted">
      {page.nextCursor === null ? 'No entry fits this filter.' : 'No entry of this stretch of the log fits the filter.'}
    </p>
  )
}

export function AuditLogsPage({ viewer, page, standing, ...filters }: AuditLogsProps) {
  return (
    <Dashboard title="Audit log" viewer={viewer} current={AUDIT_PATH} script="/assets/audit-log.js" ownFinding>
      <div class="stack-sm">
        <Heading title="Audit log">
          <Exports filter={filters.filter} />
        </Heading>
        <p class="muted">
          Every change, by a person, a key or Candor itself. The database refuses to change an entry or to take one out.
        </p>
        <LogBadge standing={standing} />
      </div>
      <LogBanner standing={standing} />
      <Filters {...filters} />
      <Entries page={page} />
      <Older path={AUDIT_PATH} query={filters.filter} cursor={page.nextCursor} />
      <SeenByBrowser standing={standing} />
    </Dashboard>
  )
}
