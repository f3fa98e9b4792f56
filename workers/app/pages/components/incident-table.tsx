import type { IncidentView } from '../../../../shared/contracts/incident.ts'
import { IncidentBadge } from './status.tsx'
import { type Column, Table } from './table.tsx'
import { duration, Time } from './time.tsx'

interface Props {
  incidents: IncidentView[]
  now: number
  /** Names of the monitors, where the list is about several. */
  monitorNames?: Map<string, string>
}

export function IncidentTable({ incidents, now, monitorNames }: Props) {
  const columns: Column<IncidentView>[] = [
    { title: 'State', show: ({ resolvedAt }) => <IncidentBadge open={resolvedAt === null} /> },
    {
      title: 'Monitor',
      kind: 'head',
      show: ({ monitorId }) => <a href={`/monitors/${monitorId}`}>{monitorNames?.get(monitorId) ?? monitorId}</a>,
    },
    {
      title: 'Began',
      show: ({ id, startedAt }) => (
        <a href={`/incidents/${id}`}>
          <Time at={startedAt} />
        </a>
      ),
    },
    {
      title: 'Lasted',
      kind: 'num',
      show: ({ startedAt, resolvedAt }) =>
        duration((resolvedAt === null ? now : Date.parse(resolvedAt)) - Date.parse(startedAt)),
    },
    { title: 'What was seen', kind: 'text', show: ({ cause }) => cause.message },
  ]
  const shown = columns.filter(({ title }) => monitorNames || title !== 'Monitor')
  return <Table caption="Incidents, newest first" columns={shown} rows={incidents} />
}
