import type { DeliveryView } from '../../../../shared/contracts/integration.ts'
import { Badge } from './status.tsx'
import { type Column, Table } from './table.tsx'
import { Time } from './time.tsx'

/** What became of a message. */
export function Outcome({ status }: DeliveryView) {
  if (status === 'waiting') return <Badge icon="pending">Waiting</Badge>
  if (status === 'failed')
    return (
      <Badge tone="down" icon="down">
        Failed
      </Badge>
    )
  return (
    <Badge tone="up" icon="up">
      Delivered
    </Badge>
  )
}

interface Props {
  /** What they are about, in words. */
  about: string
  deliveries: DeliveryView[]
  integrationNames: Map<string, string>
}

/** Alerts about something, and what came of each. */
export function Deliveries({ about, deliveries, integrationNames }: Props) {
  if (deliveries.length === 0) return <p class="muted">Nothing has been sent about {about}.</p>
  const columns: Column<DeliveryView>[] = [
    { title: 'When', show: ({ createdAt }) => <Time at={createdAt} /> },
    { title: 'Outcome', show: (delivery) => <Outcome {...delivery} /> },
    {
      title: 'To',
      kind: 'text',
      show: ({ integrationId }) => integrationNames.get(integrationId) ?? 'a removed integration',
    },
    { title: 'Event', show: ({ event }) => <code>{event}</code> },
    { title: 'Tries', kind: 'num', show: ({ attempts }) => attempts },
    { title: 'What the receiver said', kind: 'text', show: ({ message }) => message || '–' },
  ]
  return <Table caption="Messages sent, newest first" columns={columns} rows={deliveries} />
}
