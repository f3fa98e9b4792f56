import type { AuditEntryView } from '../../../shared/contracts/audit.ts'
import { OUTCOMES } from '../../../shared/contracts/audit.ts'
import { type Page, SURFACES, type Surface } from '../../../shared/contracts/common.ts'
import { LogBadge, LogBanner, type LogStanding, SeenByBrowser } from './components/audit-badge.tsx'
import { AuditDiff } from './components/audit-diff.tsx'
import { type FormState, Input, Select } from './components/form.tsx'
import { Icon } from './components/icon.tsx'
import { pathWith } from './components/link.tsx'
import { choices, Exports, FilterEnd, NoEntries } from './components/log-parts.tsx'
import { AUDIT_LOG } from './components/log-place.ts'
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

const PATH = AUDIT_LOG.path

/** Who did it: a name where one is kept, else the id. */
export const actorOf = ({ actor, actorName }: AuditEntryView): string =>
  actor.type === 'user' ? (actorName ?? actor.id) : actor.id

function Actor({ entry }: { entry: AuditEntryView }) {
  return (
    <span>
      <a href={pathWith(PATH, { actor: entry.actor.id })}>{actorOf(entry)}</a>
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

const COLUMNS: Column<AuditEntryView>[] = [
  { title: '#', kind: 'num', show: ({ seq }) => seq },
  { title: 'When', show: ({ at }) => <Time at={at} /> },
  { title: 'Actor', kind: 'text', show: (entry) => <Actor entry={entry} /> },
  { title: 'Via', show: ({ surface }) => SURFACE_WORDS[surface] },
  { title: 'Action', show: (entry) => <Action {...entry} /> },
  {
    title: 'Entity',
    show: ({ entity }) => (
      <a href={pathWith(PATH, { entity: entity.id })}>
        <code>{entity.id}</code>
      </a>
    ),
  },
  { title: 'Changes', kind: 'text', show: (entry) => <AuditDiff entry={entry} place={AUDIT_LOG} /> },
]

interface FilterProps {
  filter: Record<string, string>
  /** Who may be asked for: people, former ones included, and keys. */
  actors: { id: string; name: string }[]
  actions: string[]
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
      <FilterEnd state={state} filter={filter} path={PATH} />
    </form>
  )
}

interface AuditLogsProps extends FilterProps {
  viewer: Viewer
  page: Page<AuditEntryView>
  standing: LogStanding
}

export function AuditLogsPage({ viewer, page, standing, ...filters }: AuditLogsProps) {
  return (
    <Dashboard title="Audit log" viewer={viewer} current={AUDIT_LOG.current} script="/assets/audit-log.js">
      <div class="stack-sm">
        <Heading title="Audit log">
          <Exports place={AUDIT_LOG} filter={filters.filter} />
        </Heading>
        <p class="muted">
          Every change, by a person, a key or Candor itself. The database refuses to change an entry or to take one out.
        </p>
        <LogBadge standing={standing} />
      </div>
      <LogBanner standing={standing} />
      <Filters {...filters} />
      {page.data.length > 0 ? (
        <Table caption="Audit entries, newest first" columns={COLUMNS} rows={page.data} />
      ) : (
        <NoEntries more={page.nextCursor !== null} />
      )}
      <Older path={PATH} query={filters.filter} cursor={page.nextCursor} />
      <SeenByBrowser standing={standing} />
    </Dashboard>
  )
}

/** On a plan without the browser: what it would add. No entry was read. */
export function AuditUpgradePage({ viewer }: { viewer: Viewer }) {
  return (
    <Dashboard title="Audit log" viewer={viewer} current={AUDIT_LOG.current}>
      <Heading title="Audit log" />
      <section class="card">
        <div class="stack-sm">
          <h2>
            <Icon name="shield" /> Every change is recorded already
          </h2>
          <p>
            Every change of this workspace has its entry, on every plan. Reading the log is part of Pro: who did what
            and when, by which way, field by field, with filters and an export that you can verify yourself.
          </p>
          <p class="muted">A workspace that moves to Pro sees its entries from the first one that is kept.</p>
        </div>
      </section>
      <p>
        <a class="btn" href="/settings">
          See your plan
        </a>
      </p>
    </Dashboard>
  )
}
