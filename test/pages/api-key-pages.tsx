import type { Child } from 'hono/jsx'
import { ApiKeyFormPage } from '../../workers/app/pages/api-key-form.tsx'
import { ApiKeyRollPage } from '../../workers/app/pages/api-key-roll.tsx'
import { ApiKeysPage } from '../../workers/app/pages/api-keys.tsx'
import type { Viewer } from '../../workers/app/pages/shells.tsx'
import * as data from './fixtures.ts'

/** The list of keys as different people see it, and what is done with one. */
export function apiKeyPages(say: data.Say, viewer: Viewer): [string, Child][] {
  const room = data.room('API keys', 3, 100)
  const list = { viewer, keys: data.apiKeys(say), now: data.NOW, room, reminds: true }
  const [apiKey = null] = list.keys
  const form = { viewer, room, apiKey: null, knowsAddresses: true }
  const started = { values: { scope: 'read', expiresInDays: '90' }, errors: [] }
  const refused = (field: string) => ({
    values: { [field]: say('typed') },
    errors: [{ field, message: say('Not so.') }],
  })
  return [
    ['api-keys', <ApiKeysPage {...list} />],
    ['api-keys-silent', <ApiKeysPage {...list} reminds={false} />],
    ['api-keys-viewer', <ApiKeysPage {...list} viewer={{ ...viewer, may: data.VIEWER }} />],
    ['api-keys-none', <ApiKeysPage {...list} keys={[]} />],
    ['api-key-form', <ApiKeyFormPage {...form} state={started} />],
    ['api-key-form-refused', <ApiKeyFormPage {...form} state={refused('name')} />],
    [
      'api-key-edit-refused',
      <ApiKeyFormPage
        {...form}
        apiKey={apiKey}
        room={null}
        knowsAddresses={false}
        state={refused('allowedNetworks')}
      />,
    ],
    ...(apiKey ? rollPages(viewer, apiKey, refused('overlapHours')) : []),
  ]
}

function rollPages(
  viewer: Viewer,
  apiKey: ReturnType<typeof data.apiKeys>[number],
  refused: Parameters<typeof ApiKeyRollPage>[0]['state'],
): [string, Child][] {
  const started = { values: { overlapHours: '24' }, errors: [] }
  return [
    ['api-key-roll', <ApiKeyRollPage viewer={viewer} apiKey={apiKey} state={started} />],
    ['api-key-roll-refused', <ApiKeyRollPage viewer={viewer} apiKey={apiKey} state={refused} />],
  ]
}
