import type { ApiKeyView } from '../../../shared/contracts/api-key.ts'
import { Actions, ErrorSummary, type FormState, Select } from './components/form.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface ApiKeyRollProps {
  viewer: Viewer
  state: FormState
  apiKey: ApiKeyView
}

/** A new key in the place of an old one. */
export function ApiKeyRollPage({ viewer, state, apiKey }: ApiKeyRollProps) {
  const title = `Roll ${apiKey.name}`
  return (
    <Dashboard title={title} viewer={viewer} current="/api-keys" failed={state.errors.length > 0}>
      <ErrorSummary errors={state.errors} fields={['overlapHours']} />
      <div class="stack">
        <h1 class="wrap">{title}</h1>
        <p class="lead">
          You get a new key with the same name, scope, networks and person, for as long as this one was made for. Put it
          where this one is used while both of them work.
        </p>
      </div>
      <form class="form" method="post" action={`/api-keys/${apiKey.id}/roll`} novalidate>
        <Select
          state={state}
          name="overlapHours"
          label="This key stops"
          options={[
            ['0', 'at once: whatever uses it is refused from the next request on'],
            ['1', 'in one hour'],
            ['24', 'in 24 hours'],
            ['72', 'in 72 hours'],
          ]}
        />
        <Actions submit="Roll key" cancel="/api-keys" />
      </form>
    </Dashboard>
  )
}
