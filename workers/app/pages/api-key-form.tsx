import type { ApiKeyView } from '../../../shared/contracts/api-key.ts'
import { Actions, ErrorSummary, type FormState, Input, Select, Textarea } from './components/form.tsx'
import { type PlanRoom, WithinPlan } from './components/plan.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface ApiKeyFormProps {
  viewer: Viewer
  state: FormState
  /** The key that is edited; null for a new one. */
  apiKey: ApiKeyView | null
  /** Room for another one; null when one is edited. */
  room: PlanRoom | null
  /** Whether it is known here where a request comes from. */
  knowsAddresses: boolean
}

/** What cannot be changed later. */
function Lasting({ state }: { state: FormState }) {
  return (
    <>
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
    </>
  )
}

const networksHint = (knowsAddresses: boolean) =>
  knowsAddresses
    ? 'Optional: one a line, like 203.0.113.0/24 or 2001:db8::/32. From anywhere else the key is refused.'
    : 'Optional, one a line. On one machine Candor does not know where a request comes from: a key with a network is refused everywhere.'

export function ApiKeyFormPage({ viewer, state, apiKey, room, knowsAddresses }: ApiKeyFormProps) {
  const title = apiKey ? `Edit ${apiKey.name}` : 'New API key'
  return (
    <Dashboard title={title} viewer={viewer} current="/api-keys" failed={state.errors.length > 0}>
      <ErrorSummary errors={state.errors} fields={['name', 'scope', 'expiresInDays', 'allowedNetworks']} />
      <h1 class="wrap">{title}</h1>
      <WithinPlan room={room} back="/api-keys">
        <form class="form" method="post" action={apiKey ? `/api-keys/${apiKey.id}` : '/api-keys'} novalidate>
          <Input state={state} name="name" label="Name" hint="Where the key will be used" />
          {apiKey ? null : <Lasting state={state} />}
          <Textarea
            state={state}
            name="allowedNetworks"
            label="Networks it may be used from"
            hint={networksHint(knowsAddresses)}
          />
          <Actions submit={apiKey ? 'Save changes' : 'Create key'} cancel="/api-keys" />
        </form>
      </WithinPlan>
    </Dashboard>
  )
}
