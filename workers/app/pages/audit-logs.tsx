import type { Child } from 'hono/jsx'
import type { AuditEntryView } from '../../../shared/contracts/audit.ts'
import { OUTCOMES } from '../../../shared/contracts/audit.ts'
import { type Page, SURFACES, type Surface } from '../../../shared/contracts/common.ts'
import { LogBadge, LogBanner, type LogStanding, SeenByBrowser } from './components/audit-badge.tsx'
import { AuditDiff } from './components/audit-diff.tsx'
import { type FormState, Input, Select } from './components/form.tsx'
import { Icon } from './components/icon.tsx'
import { pathWith } from './components/link.tsx'
import { Heading, Older } from './components/page-parts.tsx'
import { Badge } from './components/status.tsx'
import { type Column, Table } from './components/table.tsx'
import { Time } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

const ACTOR_WORDS: Record<AuditEntryView['actor']['type'], string> = {
  user: 'Person',
  api_key: 'API key',
  mcp: 'MCP',
  slack: 'Slack',
  system: 'Candor',
}

const SURFACE_WORDS: Record<Surface, string> = {
  dashboard: 'Dashboard',
  api: 'API',
  mcp: 'MCP',
  slack: 'Slack',
  system: 'Candor',
}

const PATH = '/audit-logs'

/** Who did it: a name where one is kept, else the id. */
export const actorOf = ({ actor, actorName }: AuditEntryView): string =>
  actor.type === 'user' ? (actorName ?? actor.id) : actor.id

/** A way to the entries of an actor or about a thing, where the plan filters. */
const filtered = (linked: boolean, filter: Record<string, string>, text: Child) =>
  linked ? <a href={pathWith(PATH, filter)}>{text}</a> : text

function Actor({ entry, linked }: { entry: AuditEntryView; linked: boolean }) {
  return (
    <span>
      {filtered(linked, { actor: entry.actor.id }, actorOf(entry))}
      {entry.actor.type === 'user' ? null : <span class="muted"> · {ACTOR_WORDS[entry.actor.type]}</span>}
    </span>
  )
}

function Action({ action, outcome }: AuditEntryView) {
  return (
    <span>
      <code>{action}</code>{' '}
      {outcome === 'ok' ? null : (
        <Badge tone="degraded" icon="degraded">
          Refused: {outcome.replaceAll('_', ' ')}
        </Badge>
      )}
    </span>
  )
}

const columns = (linked: boolean): Column<AuditEntryView>[] => [
  { title: '#', kind: 'num', show: ({ seq }) => seq },
  { title: 'When', show: ({ at }) => <Time at={at} /> },
  { title: 'Actor', kind: 'text', show: (entry) => <Actor entry={entry} linked={linked} /> },
  { title: 'Via', show: ({ surface }) => SURFACE_WORDS[surface] },
  { title: 'Action', show: (entry) => <Action {...entry} /> },
  {
    title: 'Entity',
    show: ({ entity }) => filtered(linked, { entity: entity.id }, <code>{entity.id}</code>),
  },
  { title: 'Changes', kind: 'text', show: (entry) => <AuditDiff entry={entry} /> },
]

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
    <form class="filters" method="get" action={PATH}>
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
        {Object.values(filter).some((value) => value !== '') ? <a href={PATH}>Clear</a> : null}
      </div>
    </form>
  )
}

function Exports({ filter }: { filter: Record<string, string> }) {
  const path = `${PATH}/export`
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
  if (page.data.length > 0)
    return <Table caption="Audit entries, newest first" columns={columns(true)} rows={page.data} />
  return (
    <p class="muted">
      {page.nextCursor === null ? 'No entry fits this filter.' : 'No entry of this stretch of the log fits the filter.'}
    </p>
  )
}

export function AuditLogsPage({ viewer, page, standing, ...filters }: AuditLogsProps) {
  return (
    <Dashboard title="Audit log" viewer={viewer} current={PATH} script="/assets/audit-log.js" ownFinding>
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
      <Older path={PATH} query={filters.filter} cursor={page.nextCursor} />
      <SeenByBrowser standing={standing} />
    </Dashboard>
  )
}

/** What the larger plan would add. */
function WithPro({ heading, hours }: { heading: string; hours: number }) {
  return (
    <section class="card">
      <div class="stack-sm">
        <h2>
          <Icon name="shield" /> {heading}
        </h2>
        <p>
          Every change of this workspace has its entry, on every plan. On yours you read the last {hours} hours. Pro has
          the whole log: filters by actor, action, thing, way and time, and an export that you verify yourself.
        </p>
        <p class="muted">A workspace that moves to Pro sees its entries from the first one that is kept.</p>
        <p>
          <a class="btn" href="/settings#plan">
            See your plan
          </a>
        </p>
      </div>
    </section>
  )
}

interface RecentProps extends Omit<AuditLogsProps, keyof FilterProps> {
  hours: number
}

/** On a plan that does not browse the log: its last hours, without a filter. */
export function RecentAuditLogsPage({ viewer, page, standing, hours }: RecentProps) {
  return (
    <Dashboard title="Audit log" viewer={viewer} current={PATH} script="/assets/audit-log.js" ownFinding>
      <div class="stack-sm">
        <Heading title="Audit log" />
        <p class="muted">The last {hours} hours. The database refuses to change an entry or to take one out.</p>
        <LogBadge standing={standing} />
      </div>
      <LogBanner standing={standing} />
      {page.data.length > 0 ? (
        <Table caption="Audit entries, newest first" columns={columns(false)} rows={page.data} />
      ) : (
        <p class="muted">Nothing was changed in the last {hours} hours.</p>
      )}
      <Older path={PATH} query={{}} cursor={page.nextCursor} />
      <WithPro heading="The rest of the log is part of Pro" hours={hours} />
      <SeenByBrowser standing={standing} />
    </Dashboard>
  )
}

/** An export was asked for on a plan that has none. */
export function AuditUpgradePage({ viewer, hours }: { viewer: Viewer; hours: number }) {
  return (
    <Dashboard title="Audit log" viewer={viewer} current={PATH}>
      <Heading title="Audit log" />
      <WithPro heading="Exports are part of Pro" hours={hours} />
      <p>
        <a class="btn" href={PATH}>
          The last {hours} hours
        </a>
      </p>
    </Dashboard>
  )
}
