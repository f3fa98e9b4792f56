import type { AuditEntryView } from '../../../shared/contracts/audit.ts'
import { type Page, SURFACES, type Surface } from '../../../shared/contracts/common.ts'
import { type FormState, Input, Select } from './components/form.tsx'
import { Icon } from './components/icon.tsx'
import { pathWith } from './components/link.tsx'
import { Heading, Older } from './components/page-parts.tsx'
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

const show = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** Who did it: a name where one is kept, else the id. */
export const actorOf = ({ actor, actorName }: AuditEntryView): string =>
  actor.type === 'user' ? (actorName ?? actor.id) : actor.id

function Diff({ entry }: { entry: AuditEntryView }) {
  const { changes } = entry
  return (
    <details>
      <summary>{changes.length === 1 ? '1 field' : `${changes.length || 'No'} fields`}</summary>
      <dl class="diff">
        {changes.map(({ field, before, after }) => (
          <div>
            <dt>{field}</dt>
            <dd>
              {before === null ? null : (
                <>
                  <span class="visually-hidden">before: </span>
                  <del>{show(before)}</del>{' '}
                </>
              )}
              {after === null ? null : (
                <>
                  <span class="visually-hidden">after: </span>
                  <ins>{show(after)}</ins>
                </>
              )}
            </dd>
          </div>
        ))}
        <div>
          <dt>request</dt>
          <dd>{entry.requestId}</dd>
        </div>
        <div>
          <dt>leaf hash</dt>
          <dd>{entry.leafHash}</dd>
        </div>
      </dl>
    </details>
  )
}

const COLUMNS: Column<AuditEntryView>[] = [
  { title: '#', kind: 'num', show: ({ seq }) => seq },
  { title: 'When', show: ({ at }) => <Time at={at} /> },
  {
    title: 'Actor',
    kind: 'text',
    show: (entry) => (
      <span>
        <a href={pathWith(PATH, { actor: entry.actor.id })}>{actorOf(entry)}</a>
        {entry.actor.type === 'user' ? null : <span class="muted"> · {ACTOR_WORDS[entry.actor.type]}</span>}
      </span>
    ),
  },
  { title: 'Via', show: ({ surface }) => SURFACE_WORDS[surface] },
  { title: 'Action', show: ({ action }) => <code>{action}</code> },
  {
    title: 'Entity',
    show: ({ entity }) => (
      <a href={pathWith(PATH, { entity: entity.id })}>
        <code>{entity.id}</code>
      </a>
    ),
  },
  { title: 'Changes', kind: 'text', show: (entry) => <Diff entry={entry} /> },
]

interface AuditLogsProps {
  viewer: Viewer
  page: Page<AuditEntryView>
  filter: Record<string, string>
}

function Filters({ filter }: { filter: Record<string, string> }) {
  const state: FormState = { values: filter, errors: [] }
  return (
    <form class="filters" method="get" action={PATH}>
      <Input state={state} name="actor" label="Actor id" />
      <Input state={state} name="action" label="Action" placeholder="monitor.update" />
      <Input state={state} name="entity" label="Entity" placeholder="Id or kind" />
      <Select
        state={state}
        name="surface"
        label="Via"
        options={[['', 'Any'], ...SURFACES.map((surface): [string, string] => [surface, SURFACE_WORDS[surface]])]}
      />
      <div class="row">
        <button type="submit" class="btn btn-primary">
          Filter
        </button>
        {Object.values(filter).some((value) => value !== '') ? <a href={PATH}>Clear</a> : null}
      </div>
    </form>
  )
}

export function AuditLogsPage({ viewer, page, filter }: AuditLogsProps) {
  return (
    <Dashboard title="Audit log" viewer={viewer} current={PATH}>
      <div class="stack-sm">
        <Heading title="Audit log" />
        <p class="muted">
          Every change, by a person, a key or Candor itself. The database refuses to change an entry or to take one out.
        </p>
      </div>
      <Filters filter={filter} />
      {page.data.length === 0 ? (
        <p class="muted">No entry fits this filter.</p>
      ) : (
        <Table caption="Audit entries, newest first" columns={COLUMNS} rows={page.data} />
      )}
      <Older path={PATH} query={filter} cursor={page.nextCursor} />
    </Dashboard>
  )
}

/** On a plan without the browser: what it would add. No entry was read. */
export function AuditUpgradePage({ viewer }: { viewer: Viewer }) {
  return (
    <Dashboard title="Audit log" viewer={viewer} current={PATH}>
      <Heading title="Audit log" />
      <section class="card">
        <div class="stack-sm">
          <h2>
            <Icon name="shield" /> Every change is recorded already
          </h2>
          <p>
            Every change of this workspace has its entry, on every plan. Reading the log is part of Pro: who did what
            and when, by which way, field by field, with filters.
          </p>
          <p class="muted">A workspace that moves to Pro sees its entries from the first one on.</p>
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
