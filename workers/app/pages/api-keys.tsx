import type { ApiKeyView } from '../../../shared/contracts/api-key.ts'
import type { KeyFlag } from '../../../shared/domain/api-key.ts'
import { columnsFor, May } from './components/may.tsx'
import { Empty, Heading } from './components/page-parts.tsx'
import { NewWithinPlan, type PlanRoom } from './components/plan.tsx'
import { Badge } from './components/status.tsx'
import { type Column, Table } from './components/table.tsx'
import { Day, Time } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

const FLAG_WORDS: Record<KeyFlag, string> = { expires_soon: 'Expires soon', unused: 'Unused for 90 days' }

/** What somebody should look at about a key that works. */
function Flags({ flags = [] }: ApiKeyView) {
  return (
    <>
      {flags.map((flag) => (
        <div>
          <Badge tone="degraded" icon="degraded">
            {FLAG_WORDS[flag]}
          </Badge>
        </div>
      ))}
    </>
  )
}

/** Where a key was found that is revoked for that. */
function Leak({ leak }: ApiKeyView) {
  if (!leak) return null
  return (
    <div class="small wrap">
      found in public
      {leak.url === '' ? null : (
        <>
          :{' '}
          <a href={leak.url} rel="noreferrer nofollow">
            {leak.url}
          </a>
        </>
      )}
    </div>
  )
}

/** Whether a key works, and until when. */
function State({ apiKey, now }: { apiKey: ApiKeyView; now: number }) {
  const { revokedAt, expiresAt } = apiKey
  if (revokedAt !== null)
    return (
      <>
        <Badge icon="down">Revoked</Badge> <Time at={revokedAt} />
        <Leak {...apiKey} />
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
      <Flags {...apiKey} />
    </>
  )
}

/** The key that this one replaces, or that replaces it. */
function Rolled({ rolledFrom, rolledTo }: ApiKeyView) {
  return (
    <>
      {rolledFrom === null ? null : (
        <div class="small muted">
          rolled from <a href={`#${rolledFrom}`}>{rolledFrom}</a>
        </div>
      )}
      {rolledTo === null ? null : (
        <div class="small muted">
          rolled to <a href={`#${rolledTo}`}>{rolledTo}</a>
        </div>
      )}
    </>
  )
}

/** What may be done with a key: nothing with one that is revoked, and no rolling of one that has ended or was rolled. */
function KeyActions({ apiKey, now, viewer }: { apiKey: ApiKeyView; now: number; viewer: Viewer }) {
  const { id, revokedAt, expiresAt, rolledTo } = apiKey
  if (revokedAt !== null) return null
  const canRoll = rolledTo === null && (expiresAt === null || Date.parse(expiresAt) > now)
  const link = (action: string, deed: string, words: string) => (
    <May viewer={viewer} action={action}>
      <a class="btn btn-sm" href={`/api-keys/${id}/${deed}`}>
        {words}
      </a>
    </May>
  )
  return (
    <div class="row">
      {canRoll ? link('api_key.roll', 'roll', 'Roll') : null}
      {link('api_key.update', 'edit', 'Edit')}
      {link('api_key.revoke', 'revoke', 'Revoke')}
    </div>
  )
}

const columnsAt = (now: number, viewer: Viewer): Column<ApiKeyView>[] => [
  {
    title: 'Name',
    kind: 'head',
    show: (apiKey) => (
      <>
        {apiKey.name}
        <div class="small muted">
          <code id={apiKey.id}>{apiKey.id}</code>
        </div>
        <Rolled {...apiKey} />
      </>
    ),
  },
  { title: 'Scope', show: ({ scope }) => (scope === 'read' ? 'Read' : 'Read and write') },
  { title: 'Used from', kind: 'text', show: ({ allowedNetworks: networks }) => networks.join(', ') || 'anywhere' },
  { title: 'Created', show: ({ createdAt }) => <Time at={createdAt} /> },
  { title: 'Last used', show: ({ lastUsedOn }) => (lastUsedOn ? <Day day={lastUsedOn} /> : 'never') },
  { title: 'State', show: (apiKey) => <State apiKey={apiKey} now={now} /> },
  {
    title: 'Actions',
    kind: 'actions',
    show: (apiKey) => <KeyActions apiKey={apiKey} now={now} viewer={viewer} />,
  },
]

interface ApiKeysProps {
  viewer: Viewer
  keys: ApiKeyView[]
  room: PlanRoom
  now: number
  /** Whether the holder of a key is told that it ends. */
  reminds: boolean
}

/** Who hears of the end of a key, and when. */
const reminding = (reminds: boolean) =>
  reminds
    ? 'Seven days before a key expires, whoever it belongs to gets a mail.'
    : 'Mail is not set up here: nobody is told that a key expires.'

export function ApiKeysPage({ viewer, keys, room, now, reminds }: ApiKeysProps) {
  const add = (otherwise?: string) => (
    <May viewer={viewer} action="api_key.create" otherwise={otherwise}>
      <NewWithinPlan href="/api-keys/new" room={room}>
        New API key
      </NewWithinPlan>
    </May>
  )
  return (
    <Dashboard title="API keys" viewer={viewer} current="/api-keys">
      <Heading title="API keys">{keys.length === 0 ? undefined : add('An admin can make and change keys.')}</Heading>
      {keys.length === 0 ? (
        <Empty icon="key" title="No API key yet">
          <p>A key lets a script read, or read and change, this workspace. It is shown once.</p>
          <p>{add('An admin of this workspace can make one.')}</p>
        </Empty>
      ) : (
        <>
          <Table
            caption="API keys, newest first"
            columns={columnsFor(viewer, ['api_key.roll', 'api_key.update', 'api_key.revoke'], columnsAt(now, viewer))}
            rows={keys}
          />
          <p class="small muted">{reminding(reminds)}</p>
        </>
      )}
    </Dashboard>
  )
}
