import { Actions, ErrorSummary, type FormState, Input, Select } from './components/form.tsx'
import { type PlanRoom, WithinPlan } from './components/plan.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface ApiKeyFormProps {
  viewer: Viewer
  state: FormState
  room: PlanRoom
}

export function ApiKeyFormPage({ viewer, state, room }: ApiKeyFormProps) {
  return (
    <Dashboard title="New API key" viewer={viewer} current="/api-keys" failed={state.errors.length > 0}>
      <ErrorSummary errors={state.errors} fields={['name', 'scope', 'expiresInDays']} />
      <h1>New API key</h1>
      <WithinPlan room={room} back="/api-keys">
        <form class="form" method="post" action="/api-keys" novalidate>
          <Input state={state} name="name" label="Name" hint="Where the key will be used" />
          <Select
            state={state}
            name="scope"
            label="Scope"
            hint="What sends something out is also a change"
            options={[
              ['read', 'Read'],
              ['write', 'Read and write'],
            ]}
          />
          <Select
            state={state}
            name="expiresInDays"
            label="Expires"
            options={[
              ['30', 'in 30 days'],
              ['90', 'in 90 days'],
              ['365', 'in one year'],
              ['never', 'never'],
            ]}
          />
          <Actions submit="Create key" cancel="/api-keys" />
        </form>
      </WithinPlan>
    </Dashboard>
  )
}
