import type { Child } from 'hono/jsx'
import { RecentAuditLogsPage } from '../../workers/app/pages/audit-recent.tsx'
import { AuditVerificationPage } from '../../workers/app/pages/audit-verification.tsx'
import { IntegrationsPage } from '../../workers/app/pages/integrations.tsx'
import { MonitorFormPage } from '../../workers/app/pages/monitor-form.tsx'
import { MonitorsPage } from '../../workers/app/pages/monitors.tsx'
import type { Viewer } from '../../workers/app/pages/shells.tsx'
import { StatusPageFormPage } from '../../workers/app/pages/status-page-form.tsx'
import * as data from './fixtures.ts'

const CLEAN = { values: {}, errors: [] }
const LIMITED = { errors: [{ field: '', message: 'The plan Free has 10 monitors. Remove one first, or move to Pro.' }] }

/** Pages of a workspace whose plan has no room left, and of one whose log does not verify. */
export function planPages(say: data.Say, viewer: Viewer): [string, Child][] {
  const tampered: Viewer = { ...viewer, finding: { verdict: 'wrong workspace', entry: 48_213 } }
  const [monitors, pages] = [data.room('monitors', 10, 10), data.room('status pages', 3, 2)]
  const form = { viewer, monitor: null, integrations: data.integrations(say), minIntervalSeconds: 60, room: monitors }
  const recent = { viewer, standing: data.STANDING, hours: 24 }
  const lines = data.monitors(say).map((monitor) => ({ monitor, summary: undefined }))
  const standing = { ...data.STANDING, finding: { verdict: 'truncated' as const, entry: 3 } }
  return [
    [
      'audit-verification-tampered',
      <AuditVerificationPage viewer={tampered} standing={standing} checkpoint={say('candor.test')} keys={[]} />,
    ],
    ['monitors-full', <MonitorsPage viewer={viewer} lines={lines} filter={undefined} now={data.NOW} room={monitors} />],
    ['monitor-form-full', <MonitorFormPage {...form} state={CLEAN} />],
    ['monitor-form-limited', <MonitorFormPage {...form} state={{ values: { name: say('Shop') }, ...LIMITED }} />],
    [
      'status-page-form-full',
      <StatusPageFormPage viewer={viewer} state={CLEAN} page={null} monitors={[]} room={pages} />,
    ],
    [
      'audit-logs-recent',
      <RecentAuditLogsPage {...recent} page={{ data: data.entries(say), nextCursor: say('next') }} />,
    ],
    ['audit-logs-recent-none', <RecentAuditLogsPage {...recent} page={{ data: [], nextCursor: null }} />],
    [
      'monitors-tampered',
      <MonitorsPage
        viewer={tampered}
        lines={lines}
        filter={undefined}
        now={data.NOW}
        room={data.room('monitors', 7, 500)}
      />,
    ],
    [
      'integrations-tampered',
      <IntegrationsPage
        last={new Map()}
        viewer={tampered}
        integrations={data.integrations(say)}
        room={data.room('integrations', 2, 50)}
      />,
    ],
  ]
}
