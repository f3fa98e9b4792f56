import type { WorkspaceView } from '../../../shared/contracts/workspace.ts'
import { Actions, ErrorSummary, type FormState, Input } from './components/form.tsx'
import { Time } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface SettingsProps {
  viewer: Viewer
  workspace: WorkspaceView
  person: { name: string; email: string; role: string } | null
  state: FormState
}

export function SettingsPage({ viewer, workspace, person, state }: SettingsProps) {
  return (
    <Dashboard title="Settings" viewer={viewer} current="/settings" failed={state.errors.length > 0}>
      <h1>Settings</h1>
      <ErrorSummary errors={state.errors} fields={['name']} />
      <form class="form" method="post" action="/settings" novalidate>
        <Input state={state} name="name" label="Name of the workspace" />
        <Actions submit="Save changes" cancel="/monitors" />
      </form>
      <section class="stack">
        <h2>This workspace</h2>
        <dl class="figures">
          <div>
            <dt>Plan</dt>
            <dd>{workspace.plan === 'pro' ? 'Pro' : 'Free'}</dd>
          </div>
          <div>
            <dt>Id</dt>
            <dd class="wrap">
              <code>{workspace.id}</code>
            </dd>
          </div>
          <div>
            <dt>Since</dt>
            <dd>
              <Time at={workspace.createdAt} />
            </dd>
          </div>
        </dl>
      </section>
      {person ? (
        <section class="stack">
          <h2>You</h2>
          <p class="wrap">
            {person.name}, {person.email}, {person.role} of this workspace
          </p>
        </section>
      ) : null}
    </Dashboard>
  )
}
