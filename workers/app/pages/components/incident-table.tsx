import type { IncidentView } from '../../../../shared/contracts/incident.ts'
import { Table } from './page-parts.tsx'
import { duration, Time } from './time.tsx'

interface Props {
  incidents: IncidentView[]
  now: number
  /** Names of the monitors, where the list is about several. */
  monitorNames?: Map<string, string>
}

export function IncidentTable({ incidents, now, monitorNames }: Props) {
  const columns = ['State', ...(monitorNames ? ['Monitor'] : []), 'Began', 'Lasted', 'What was seen']
  return (
    <Table caption="Incidents, newest first" columns={columns}>
      {incidents.map((incident) => (
        <tr>
          <td>
            <span class="badge" data-status={incident.resolvedAt === null ? 'down' : 'up'}>
              {incident.resolvedAt === null ? 'Open' : 'Resolved'}
            </span>
          </td>
          {monitorNames ? (
            <th scope="row" class="wrap">
              <a href={`/monitors/${incident.monitorId}`}>
                {monitorNames.get(incident.monitorId) ?? incident.monitorId}
              </a>
            </th>
          ) : null}
          <td>
            <Time at={incident.startedAt} />
          </td>
          <td class="num">
            {duration(
              (incident.resolvedAt === null ? now : Date.parse(incident.resolvedAt)) - Date.parse(incident.startedAt),
            )}
          </td>
          <td class="wrap">{incident.cause.message}</td>
        </tr>
      ))}
    </Table>
  )
}
