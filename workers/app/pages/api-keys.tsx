import type { ApiKeyView } from '../../../shared/contracts/api-key.ts'
import { Icon } from './components/icon.tsx'
import { Empty, Heading, Table } from './components/page-parts.tsx'
import { Time } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

function State({ apiKey, now }: { apiKey: ApiKeyView; now: number }) {
  if (apiKey.revokedAt !== null)
    return (
      <>
        Revoked <Time at={apiKey.revokedAt} />
      </>
    )
  if (apiKey.expiresAt === null) return <>Never expires</>
  return (
    <>
      {Date.parse(apiKey.expiresAt) <= now ? 'Expired' : 'Expires'} <Time at={apiKey.expiresAt} />
    </>
  )
}

export function ApiKeysPage({ viewer, keys, now }: { viewer: Viewer; keys: ApiKeyView[]; now: number }) {
  return (
    <Dashboard title="API keys" viewer={viewer} current="/api-keys">
      <Heading title="API keys">
        <a class="btn btn-primary" href="/api-keys/new">
          <Icon name="plus" />
          New API key
        </a>
      </Heading>
      {keys.length === 0 ? (
        <Empty title="No API key yet">
          <p>A key lets a script read, or read and change, this workspace. It is shown once.</p>
        </Empty>
      ) : (
        <Table caption="API keys, newest first" columns={['Name', 'Scope', 'Created', 'Last used', 'State', 'Actions']}>
          {keys.map((apiKey) => (
            <tr>
              <th scope="row" class="wrap">
                {apiKey.name}
                <div class="small muted">
                  <code>{apiKey.id}</code>
                </div>
              </th>
              <td>{apiKey.scope === 'read' ? 'Read' : 'Read and write'}</td>
              <td>
                <Time at={apiKey.createdAt} />
              </td>
              <td>{apiKey.lastUsedOn ? <time datetime={apiKey.lastUsedOn}>{apiKey.lastUsedOn}</time> : 'never'}</td>
              <td>
                <State apiKey={apiKey} now={now} />
              </td>
              <td>
                {apiKey.revokedAt === null ? (
                  <a class="btn" href={`/api-keys/${apiKey.id}/revoke`}>
                    Revoke
                  </a>
                ) : null}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Dashboard>
  )
}
