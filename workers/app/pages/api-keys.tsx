import type { ApiKeyView } from '../../../shared/contracts/api-key.ts'
import { Empty, Heading } from './components/page-parts.tsx'
import { NewWithinPlan, type PlanRoom } from './components/plan.tsx'
import { Badge } from './components/status.tsx'
import { type Column, Table } from './components/table.tsx'
import { Day, Time } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

/** Whether a key works, and until when. */
function State({ apiKey, now }: { apiKey: ApiKeyView; now: number }) {
  const { revokedAt, expiresAt } = apiKey
  if (revokedAt !== null)
    return (
      <>
        <Badge icon="down">Revoked</Badge> <Time at={revokedAt} />
      </>
    )
  if (expiresAt !== null && Date.parse(expiresAt) <= now)
    return (
      <>
        <Badge icon="pending">Expired</Badge> <Time at={expiresAt} />
      </>
    )
  return (
    <>
      <Badge tone="up" icon="up">
        Valid
      </Badge>{' '}
      {expiresAt === null ? (
        'never expires'
      ) : (
        <>
          until <Time at={expiresAt} />
        </>
      )}
    </>
  )
}

const columnsAt = (now: number): Column<ApiKeyView>[] => [
  {
    title: 'Name',
    kind: 'head',
    show: ({ id, name }) => (
      <>
        {name}
        <div class="small muted">
          <code>{id}</code>
        </div>
      </>
    ),
  },
  { title: 'Scope', show: ({ scope }) => (scope === 'read' ? 'Read' : 'Read and write') },
  { title: 'Created', show: ({ createdAt }) => <Time at={createdAt} /> },
  { title: 'Last used', show: ({ lastUsedOn }) => (lastUsedOn ? <Day day={lastUsedOn} /> : 'never') },
  { title: 'State', show: (apiKey) => <State apiKey={apiKey} now={now} /> },
  {
    title: 'Actions',
    kind: 'actions',
    show: ({ id, revokedAt }) =>
      revokedAt === null ? (
        <a class="btn btn-sm" href={`/api-keys/${id}/revoke`}>
          Revoke
        </a>
      ) : null,
  },
]

interface ApiKeysProps {
  viewer: Viewer
  keys: ApiKeyView[]
  room: PlanRoom
  now: number
}

export function ApiKeysPage({ viewer, keys, room, now }: ApiKeysProps) {
  const add = (
    <NewWithinPlan href="/api-keys/new" room={room}>
      New API key
    </NewWithinPlan>
  )
  return (
    <Dashboard title="API keys" viewer={viewer} current="/api-keys">
      <Heading title="API keys">{keys.length === 0 ? undefined : add}</Heading>
      {keys.length === 0 ? (
        <Empty icon="key" title="No API key yet">
          <p>A key lets a script read, or read and change, this workspace. It is shown once.</p>
          <p>{add}</p>
        </Empty>
      ) : (
        <Table caption="API keys, newest first" columns={columnsAt(now)} rows={keys} />
      )}
    </Dashboard>
  )
}
