import { Actions, ErrorSummary, type FormState, Input } from './components/form.tsx'
import { Plain } from './shells.tsx'

export function WorkspaceFormPage({ state }: { state: FormState }) {
  return (
    <Plain title="New workspace" failed={state.errors.length > 0}>
      <ErrorSummary errors={state.errors} fields={['name', 'slug']} />
      <div class="stack">
        <h1>New workspace</h1>
        <p class="lead">You will own it. Monitors, members, keys and audit log are apart from your other ones.</p>
      </div>
      <form class="form" method="post" action="/workspaces" novalidate>
        <Input state={state} name="name" label="Name" required />
        <Input
          state={state}
          name="slug"
          label="Slug"
          hint="Lower-case letters, digits and hyphens. Empty: it is made of the name"
        />
        <Actions submit="Create workspace" cancel="/workspaces" />
      </form>
    </Plain>
  )
}
