import type { Child } from 'hono/jsx'
import type { AuditEntryView } from '../../../../shared/contracts/audit.ts'
import type { Surface } from '../../../../shared/contracts/common.ts'
import { AuditDiff } from './audit-diff.tsx'
import { pathWith } from './link.tsx'
import { AUDIT_LOG } from './log-place.ts'
import { Badge } from './status.tsx'
import { type Column, Table } from './table.tsx'
import { Time } from './time.tsx'

const ACTOR_WORDS: Record<AuditEntryView['actor']['type'], string> = {
  user: 'Person',
  api_key: 'API key',
  mcp: 'MCP',
  slack: 'Slack',
  system: 'Candor',
}

export const SURFACE_WORDS: Record<Surface, string> = {
  dashboard: 'Dashboard',
  api: 'API',
  mcp: 'MCP',
  slack: 'Slack',
  system: 'Candor',
}

/** Who did it: a name where one is kept, else the id. */
export const actorOf = ({ actor, actorName }: AuditEntryView): string =>
  actor.type === 'user' ? (actorName ?? actor.id) : actor.id

/** A way to the entries of an actor or about a thing, where the plan filters. */
const filtered = (linked: boolean, filter: Record<string, string>, text: Child) =>
  linked ? <a href={pathWith(AUDIT_LOG.path, filter)}>{text}</a> : text

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
  { title: 'Changes', kind: 'text', show: (entry) => <AuditDiff entry={entry} place={AUDIT_LOG} /> },
]

/** Entries, newest first. `linked`: where the plan filters, with the way to more of the same. */
export function AuditTable({ entries, linked }: { entries: AuditEntryView[]; linked: boolean }) {
  return <Table caption="Audit entries, newest first" columns={columns(linked)} rows={entries} />
}
