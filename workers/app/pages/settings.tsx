import type { WorkspaceView } from '../../../shared/contracts/workspace.ts'
import { Actions, ErrorSummary, type FormState, Input } from './components/form.tsx'
import { PostButton, Section } from './components/page-parts.tsx'
import { SettingsMenu } from './components/settings-menu.tsx'
import { Time } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface SettingsProps {
  viewer: Viewer
  workspace: WorkspaceView
  person: { name: string; email: string; role: string } | null
  state: FormState
}

function Workspace({ workspace }: { workspace: WorkspaceView }) {
  return (
    <Section id="workspace" title="This workspace">
      <dl class="figures">
        <div>
          <dt>Plan</dt>
          <dd class="value">{workspace.plan === 'pro' ? 'Pro' : 'Free'}</dd>
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
    </Section>
  )
}

export function SettingsPage({ viewer, workspace, person, state }: SettingsProps) {
  return (
    <Dashboard title="Settings" viewer={viewer} current="/settings" failed={state.errors.length > 0}>
      <ErrorSummary errors={state.errors} fields={['name', 'slug']} />
      <div class="stack">
        <h1>Settings</h1>
        <SettingsMenu current="/settings" />
      </div>
      <form class="form" method="post" action="/settings" novalidate>
        <Input state={state} name="name" label="Name of the workspace" required />
        <Input
          state={state}
          name="slug"
          label="Slug"
          hint="A short name for addresses and scripts: lower-case letters, digits and hyphens. Nobody else can have it."
        />
        <Actions submit="Save changes" cancel="/monitors" />
      </form>
      <Workspace workspace={workspace} />
      {person ? (
        <Section id="you" title="You">
          <p class="wrap">
            {person.name}, {person.email}, {person.role} of this workspace
          </p>
          <PostButton action="/sign-out" icon="signOut">
            Sign out
          </PostButton>
        </Section>
      ) : null}
    </Dashboard>
  )
}
