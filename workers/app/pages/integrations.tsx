import type { DeliveryView, IntegrationView } from '../../../shared/contracts/integration.ts'
import { Outcome } from './components/delivery-table.tsx'
import { columnsFor, May } from './components/may.tsx'
import { Empty, Heading, PostButton, SecretText } from './components/page-parts.tsx'
import { NewWithinPlan, type PlanRoom } from './components/plan.tsx'
import { type Column, Table } from './components/table.tsx'
import { Time } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface IntegrationsProps {
  viewer: Viewer
  integrations: IntegrationView[]
  /** The newest message to each that got one, by its id. */
  last: ReadonlyMap<string, DeliveryView>
  room: PlanRoom
}

function Buttons({ id, viewer }: { id: string; viewer: Viewer }) {
  return (
    <div class="row">
      <May viewer={viewer} action="integration.test">
        <PostButton action={`/integrations/${id}/test`} icon="send" small>
          Send a test
        </PostButton>
      </May>
      <May viewer={viewer} action="integration.update">
        <a class="btn btn-sm" href={`/integrations/${id}/edit`}>
          Edit
        </a>
      </May>
      <May viewer={viewer} action="integration.delete">
        <a class="btn btn-sm" href={`/integrations/${id}/delete`}>
          Remove
        </a>
      </May>
    </div>
  )
}

function LastMessage({ delivery }: { delivery: DeliveryView | undefined }) {
  if (!delivery) return <span class="muted">none yet</span>
  return (
    <>
      <Outcome {...delivery} />
      <div class="small muted wrap">
        <code>{delivery.event}</code>, <Time at={delivery.createdAt} />
        {delivery.message ? <>. {delivery.message}</> : null}
      </div>
    </>
  )
}

const columnsAt = ({ viewer, last }: Pick<IntegrationsProps, 'viewer' | 'last'>): Column<IntegrationView>[] => [
  { title: 'Name', kind: 'head', show: ({ name }) => name },
  { title: 'Kind', show: ({ kind }) => kind },
  { title: 'Address', show: ({ config }) => <SecretText secret={config.url} /> },
  { title: 'Signing secret', show: ({ config }) => <SecretText secret={config.secret} /> },
  { title: 'Last message', kind: 'text', show: ({ id }) => <LastMessage delivery={last.get(id)} /> },
  { title: 'Actions', kind: 'actions', show: ({ id }) => <Buttons id={id} viewer={viewer} /> },
]

export function IntegrationsPage({ viewer, integrations, last, room }: IntegrationsProps) {
  const add = (otherwise?: string) => (
    <May viewer={viewer} action="integration.create" otherwise={otherwise}>
      <NewWithinPlan href="/integrations/new" room={room}>
        New webhook
      </NewWithinPlan>
    </May>
  )
  return (
    <Dashboard title="Integrations" viewer={viewer} current="/integrations">
      <Heading title="Integrations">{integrations.length === 0 ? undefined : add()}</Heading>
      {integrations.length === 0 ? (
        <Empty icon="plug" title="Nobody is told yet">
          <p>A webhook gets a signed message when an incident opens, and one when it resolves.</p>
          <p>{add('A member of this workspace can add one.')}</p>
        </Empty>
      ) : (
        <Table
          caption="Integrations"
          columns={columnsFor(viewer, ['integration.test', 'integration.update'], columnsAt({ viewer, last }))}
          rows={integrations}
        />
      )}
    </Dashboard>
  )
}
