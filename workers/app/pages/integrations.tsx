import type { IntegrationView } from '../../../shared/contracts/integration.ts'
import { Icon } from './components/icon.tsx'
import { Empty, Heading, PostButton, SecretText, Table } from './components/page-parts.tsx'
import { Time } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface IntegrationsProps {
  viewer: Viewer
  integrations: IntegrationView[]
  /** Name of the integration to which a test message has just been sent. */
  tested?: string
}

export function IntegrationsPage({ viewer, integrations, tested }: IntegrationsProps) {
  return (
    <Dashboard title="Integrations" viewer={viewer} current="/integrations">
      <Heading title="Integrations">
        <a class="btn btn-primary" href="/integrations/new">
          <Icon name="plus" />
          New webhook
        </a>
      </Heading>
      {tested === undefined ? null : (
        <p class="banner" data-status="up" role="status">
          A test message is on its way to {tested}.
        </p>
      )}
      {integrations.length === 0 ? (
        <Empty title="Nobody is told yet">
          <p>A webhook gets a signed message when an incident opens, and one when it resolves.</p>
        </Empty>
      ) : (
        <Table caption="Integrations" columns={['Name', 'Kind', 'Address', 'Signing secret', 'Changed', 'Actions']}>
          {integrations.map((integration) => (
            <tr>
              <th scope="row" class="wrap">
                {integration.name}
              </th>
              <td>{integration.kind}</td>
              <td>
                <SecretText secret={integration.config.url} />
              </td>
              <td>
                <SecretText secret={integration.config.secret} />
              </td>
              <td>
                <Time at={integration.updatedAt} />
              </td>
              <td>
                <div class="row">
                  <PostButton action={`/integrations/${integration.id}/test`}>Send a test</PostButton>
                  <a class="btn" href={`/integrations/${integration.id}/edit`}>
                    Edit
                  </a>
                  <a class="btn" href={`/integrations/${integration.id}/delete`}>
                    Remove
                  </a>
                </div>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Dashboard>
  )
}
