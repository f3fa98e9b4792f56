import type { AuditEntryView } from '../../../shared/contracts/audit.ts'
import { type Page, SURFACES } from '../../../shared/contracts/common.ts'
import { type FormState, Input, Select } from './components/form.tsx'
import { Heading, Older, Table } from './components/page-parts.tsx'
import { Time } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

const ACTOR_WORDS: Record<string, string> = {
  user: 'Person',
  api_key: 'API key',
  mcp: 'MCP',
  slack: 'Slack',
  system: 'Candor',
}

const show = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

function Diff({ entry }: { entry: AuditEntryView }) {
  if (entry.changes.length === 0) return <span class="muted">none</span>
  return (
    <details>
      <summary>
        {entry.changes.length} {entry.changes.length === 1 ? 'field' : 'fields'}
      </summary>
      <dl class="diff">
        {entry.changes.map(({ field, before, after }) => (
          <>
            <dt>{field}</dt>
            <dd class="wrap">
              {before === null ? null : <del>{show(before)}</del>} {after === null ? null : <ins>{show(after)}</ins>}
            </dd>
          </>
        ))}
      </dl>
      <p class="diff wrap">
        request {entry.requestId}
        <br />
        leaf {entry.leafHash}
      </p>
    </details>
  )
}

interface AuditLogsProps {
  viewer: Viewer
  page: Page<AuditEntryView>
  filter: Record<string, string>
}

function Filters({ filter }: { filter: Record<string, string> }) {
  const state: FormState = { values: filter, errors: [] }
  return (
    <form class="filters" method="get" action="/audit-logs">
      <Input state={state} name="actor" label="Actor id" />
      <Input state={state} name="action" label="Action" placeholder="monitor.update" />
      <Input state={state} name="entity" label="Entity" placeholder="id or kind" />
      <Select
        state={state}
        name="surface"
        label="Via"
        options={[['', 'Any'], ...SURFACES.map((surface) => [surface, surface] as [string, string])]}
      />
      <button type="submit" class="btn btn-primary">
        Filter
      </button>
    </form>
  )
}

export function AuditLogsPage({ viewer, page, filter }: AuditLogsProps) {
  return (
    <Dashboard title="Audit log" viewer={viewer} current="/audit-logs">
      <div class="stack">
        <Heading title="Audit log" />
        <p class="muted">
          Every change, by a person, a key or Candor itself. The database lets no entry be changed or taken out.
        </p>
      </div>
      <Filters filter={filter} />
      {page.data.length === 0 ? (
        <p class="muted">No entry fits this filter.</p>
      ) : (
        <Table
          caption="Audit entries, newest first"
          columns={['#', 'When', 'Actor', 'Via', 'Action', 'Entity', 'Changes']}
        >
          {page.data.map((entry) => (
            <tr>
              <td class="num">{entry.seq}</td>
              <td>
                <Time at={entry.at} />
              </td>
              <td class="wrap">
                <a href={`/audit-logs?actor=${entry.actor.id}`}>
                  {entry.actor.type === 'user' ? (entry.actorName ?? entry.actor.id) : entry.actor.id}
                </a>
                <div class="small muted">{ACTOR_WORDS[entry.actor.type]}</div>
              </td>
              <td>{entry.surface}</td>
              <td>
                <code>{entry.action}</code>
              </td>
              <td>
                <a href={`/audit-logs?entity=${entry.entity.id}`}>
                  <code>{entry.entity.id}</code>
                </a>
              </td>
              <td>
                <Diff entry={entry} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      <Older path="/audit-logs" query={filter} cursor={page.nextCursor} />
    </Dashboard>
  )
}

/** On a plan without the browser: what it would add. No entry was read. */
export function AuditUpgradePage({ viewer }: { viewer: Viewer }) {
  return (
    <Dashboard title="Audit log" viewer={viewer} current="/audit-logs">
      <Heading title="Audit log" />
      <p class="lead">
        Every change of this workspace is recorded, on every plan. Browsing the log, with filters and field by field, is
        part of Pro.
      </p>
    </Dashboard>
  )
}
