import type { MonitorView } from '../../../../shared/contracts/monitor.ts'
import type { Viewer } from '../shells.tsx'
import { SecretText } from './page-parts.tsx'

interface Props {
  monitor: MonitorView
  integrationNames: Map<string, string>
  viewer: Viewer
}

/** How a monitor is set up. Of what is sealed only the fingerprint. */
export function MonitorSettings({ monitor, integrationNames, viewer }: Props) {
  const edit = viewer.may.has('monitor.update') ? `/monitors/${monitor.id}/edit` : undefined
  const told = monitor.integrationIds.map((id) => integrationNames.get(id) ?? 'a removed integration')
  return (
    <dl class="figures small">
      <div>
        <dt>Request headers</dt>
        <dd>
          <SecretText secret={monitor.headers} replace={edit} />
        </dd>
      </div>
      <div>
        <dt>Request body</dt>
        <dd>
          <SecretText secret={monitor.body} replace={edit} />
        </dd>
      </div>
      <div>
        <dt>Time-out</dt>
        <dd>{monitor.timeoutMs.toLocaleString('en')} ms</dd>
      </div>
      <div>
        <dt>Degraded after</dt>
        <dd>{monitor.degradedAfterMs === null ? 'not set' : `${monitor.degradedAfterMs.toLocaleString('en')} ms`}</dd>
      </div>
      <div>
        <dt>Who is told</dt>
        <dd class="wrap">{told.length === 0 ? 'nobody' : told.join(', ')}</dd>
      </div>
    </dl>
  )
}
