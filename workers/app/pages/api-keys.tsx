import type { ApiKeyView } from '../../../shared/contracts/api-key.ts'
import { keyFlags } from '../../../shared/domain/api-key.ts'
import { Empty, Heading } from './components/page-parts.tsx'
import { NewWithinPlan, type PlanRoom } from './components/plan.tsx'
import { Badge } from './components/status.tsx'
import { type Column, Table } from './components/table.tsx'
import { Day, Time } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

/** What somebody should look at about a key that works. */
function Flags({ apiKey, now }: { apiKey: ApiKeyView; now: number }) {
  const { expiresSoon, unused } = keyFlags(apiKey, now)
  return (
    <>
      {expiresSoon ? (
        <div>
          <Badge tone="degraded" icon="degraded">
            Expires soon
          </Badge>
        </div>
      ) : null}
      {unused ? (
        <div>
          <Badge tone="degraded" icon="degraded">
            Unused for 90 days
          </Badge>
        </div>
      ) : null}
    </>
  )
}

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
      <Flags apiKey={apiKey} now={now} />
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
  /** Whether the maker of a key is told that it ends. */
  reminds: boolean
}

/** Who hears of the end of a key, and when. */
const reminding = (reminds: boolean) =>
  reminds
    ? 'Seven days before a key expires, whoever made it gets a mail.'
    : 'Mail is not set up here: nobody is told that a key expires.'

export function ApiKeysPage({ viewer, keys, room, now, reminds }: ApiKeysProps) {
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
        <>
          <Table caption="API keys, newest first" columns={columnsAt(now)} rows={keys} />
          <p class="small muted">{reminding(reminds)}</p>
        </>
      )}
    </Dashboard>
  )
}
