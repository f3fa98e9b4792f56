import type { IntegrationView } from '../../../shared/contracts/integration.ts'
import { Actions, ErrorSummary, type FormState, Input } from './components/form.tsx'
import { type PlanRoom, WithinPlan } from './components/plan.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface IntegrationFormProps {
  viewer: Viewer
  state: FormState
  integration: IntegrationView | null
  /** Room for another one; null when one is edited. */
  room: PlanRoom | null
}

export function IntegrationFormPage({ viewer, state, integration, room }: IntegrationFormProps) {
  const title = integration ? `Edit ${integration.name}` : 'New webhook'
  const keep = 'Sealed and never shown again. Leave empty to keep what is set.'
  return (
    <Dashboard title={title} viewer={viewer} current="/integrations" failed={state.errors.length > 0}>
      <ErrorSummary errors={state.errors} fields={['name', 'config.url', 'config.secret']} />
      <h1 class="wrap">{title}</h1>
      <WithinPlan room={room} back="/integrations">
        <form
          class="form"
          method="post"
          action={integration ? `/integrations/${integration.id}` : '/integrations'}
          novalidate
        >
          <Input state={state} name="name" label="Name" hint="For you: who or what is told" />
          <Input
            state={state}
            name="config.url"
            label="Address"
            hint={integration ? keep : 'Gets a POST, signed as Standard Webhooks has it. Sealed and never shown again.'}
            inputmode="url"
          />
          <Input
            state={state}
            name="config.secret"
            label="Signing secret"
            hint={
              integration ? keep : 'Optional: 24 to 64 bytes in base64. Without one, Candor makes it and shows it once.'
            }
          />
          <Actions submit={integration ? 'Save changes' : 'Create webhook'} cancel="/integrations" />
        </form>
      </WithinPlan>
    </Dashboard>
  )
}
