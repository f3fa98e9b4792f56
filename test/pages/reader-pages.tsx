import type { Child } from 'hono/jsx'
import { ApiKeysPage } from '../../workers/app/pages/api-keys.tsx'
import { IntegrationsPage } from '../../workers/app/pages/integrations.tsx'
import { MonitorPage } from '../../workers/app/pages/monitor.tsx'
import { MonitorsPage } from '../../workers/app/pages/monitors.tsx'
import type { Viewer } from '../../workers/app/pages/shells.tsx'
import { StatusPagesPage } from '../../workers/app/pages/status-pages.tsx'
import * as data from './fixtures.ts'

/** Pages as somebody sees them who reads everything and changes nothing. */
export function readerPages(say: data.Say, viewer: Viewer): [string, Child][] {
  const { NOW: now } = data
  const [monitor] = data.monitors(say)
  if (!monitor) throw new Error('There is no monitor to show.')
  const room = data.room('monitors', 7, 500)
  const shown = { viewer, monitor, incidents: [], deliveries: [], changes: [], now }
  return [
    ['monitors-none-read', <MonitorsPage viewer={viewer} lines={[]} filter={undefined} now={now} room={room} />],
    ['monitor-read', <MonitorPage {...shown} detail={null} integrationNames={new Map()} period="24h" />],
    [
      'integrations-read',
      <IntegrationsPage viewer={viewer} integrations={data.integrations(say)} last={new Map()} room={room} />,
    ],
    ['status-pages-read', <StatusPagesPage viewer={viewer} pages={[]} room={room} statusUrl="https://status.test" />],
    ['api-keys-read', <ApiKeysPage viewer={viewer} keys={[]} room={room} now={now} reminds />],
  ]
}
