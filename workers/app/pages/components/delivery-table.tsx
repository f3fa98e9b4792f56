import type { Child } from 'hono/jsx'
import type { DeliveryView } from '../../../../shared/contracts/integration.ts'
import { Badge, Banner } from './status.tsx'
import { type Column, Table, TableFrame, TableRow, WaitingRow } from './table.tsx'
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

const TRIES: Column<DeliveryView>[] = [
  { title: 'Try', show: ({ attempts }) => attempts },
  { title: 'Outcome', show: (delivery) => <Outcome {...delivery} /> },
  { title: 'What the receiver said', kind: 'text', show: ({ message }) => message || '–' },
]

/** Tries of one message, which come one by one. */
export const TryTable = ({ caption, children }: { caption: string; children?: Child }) => (
  <TableFrame caption={caption} columns={TRIES}>
    {children}
  </TableFrame>
)
export const TryRow = ({ delivery }: { delivery: DeliveryView }) => <TableRow columns={TRIES} row={delivery} />
export const TryWaiting = ({ children }: { children?: Child }) => (
  <WaitingRow columns={TRIES.length}>{children}</WaitingRow>
)

const ANSWERS = {
  delivered: { tone: 'up', text: 'The message was delivered.' },
  waiting: { tone: 'degraded', text: 'The message was not delivered yet. It is sent again, for ten hours at most.' },
  failed: { tone: 'down', text: 'The message was not delivered, and is not sent again. Look at the address.' },
  unknown: { tone: 'stale', text: 'Nothing is known of this message yet. Reload in a moment.' },
} as const

/** What the tries come to. */
export function DeliveryAnswer({ delivery }: { delivery: DeliveryView | null }) {
  const { tone, text } = ANSWERS[delivery?.status ?? 'unknown']
  return (
    <Banner tone={tone} icon={tone}>
      <p>
        <strong>{text}</strong>
      </p>
    </Banner>
  )
}
