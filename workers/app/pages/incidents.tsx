import type { Page } from '../../../shared/contracts/common.ts'
import type { IncidentView } from '../../../shared/contracts/incident.ts'
import { IncidentTable } from './components/incident-table.tsx'
import { Empty, Heading, Older } from './components/page-parts.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface IncidentsProps {
  viewer: Viewer
  page: Page<IncidentView>
  monitorNames: Map<string, string>
  now: number
}

export function IncidentsPage({ viewer, page, monitorNames, now }: IncidentsProps) {
  return (
    <Dashboard title="Incidents" viewer={viewer} current="/incidents">
      <Heading title="Incidents" />
      {page.data.length === 0 ? (
        <Empty icon="up" title="No incident so far">
          <p>One opens by itself when a monitor fails three times in a row, and resolves when it has recovered.</p>
          <p>
            <a class="btn" href="/monitors">
              Go to your monitors
            </a>
          </p>
        </Empty>
      ) : (
        <IncidentTable incidents={page.data} monitorNames={monitorNames} now={now} />
      )}
      <Older path="/incidents" query={{}} cursor={page.nextCursor} />
    </Dashboard>
  )
}
