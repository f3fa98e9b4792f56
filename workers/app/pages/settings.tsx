import type { WorkspaceView } from '../../../shared/contracts/workspace.ts'
import { Actions, ErrorSummary, type FormState, Input } from './components/form.tsx'
import { May } from './components/may.tsx'
import { PostButton, Section } from './components/page-parts.tsx'
import type { PlanRoom } from './components/plan.tsx'
import { SettingsMenu } from './components/settings-menu.tsx'
import { type Column, Table } from './components/table.tsx'
import { duration, Time } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

/** What the plan allows, and how much of it is used. */
export interface PlanFigures {
  name: string
  rooms: PlanRoom[]
  minIntervalSeconds: number
  /** Hours of the audit log that can be read; null for all of it. */
  auditHours: number | null
  auditDays: number
  /** After how many days without use monitors are paused; null for never. */
  idleDays: number | null
}

interface SettingsProps {
  viewer: Viewer
  workspace: WorkspaceView
  plan: PlanFigures
  person: { name: string; email: string; role: string } | null
  state: FormState
}

function Workspace({ workspace }: { workspace: WorkspaceView }) {
  return (
    <Section id="workspace" title="This workspace">
      <dl class="figures">
        <div>
          <dt>Id</dt>
          <dd class="wrap">
            <code>{workspace.id}</code>
          </dd>
        </div>
        <div>
          <dt>Slug</dt>
          <dd class="wrap">{workspace.slug ?? 'none'}</dd>
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

const PLAN_COLUMNS: Column<PlanRoom>[] = [
  { title: 'What', kind: 'head', show: ({ what }) => what.charAt(0).toUpperCase() + what.slice(1) },
  { title: 'Used', kind: 'num', show: ({ used }) => used },
  { title: 'Of', kind: 'num', show: ({ limit }) => limit },
]

function Plan({ plan }: { plan: PlanFigures }) {
  const { name, rooms, minIntervalSeconds, auditHours, auditDays, idleDays } = plan
  return (
    <Section id="plan" title={`Plan: ${name}`}>
      <Table caption="What your plan allows" columns={PLAN_COLUMNS} rows={rooms} />
      <p class="muted">
        Monitors are checked every {duration(minIntervalSeconds * 1000)} at most. Of the audit log you read{' '}
        {auditHours === null ? 'all, with filters and exports' : `the last ${auditHours} hours`}; its texts are kept for{' '}
        {auditDays} days.{' '}
        {idleDays !== null &&
          `When nobody has signed in or used an API key for ${idleDays} days, the owner gets a mail, and two weeks later the monitors are paused. `}
        Whoever runs this Candor changes the plan. A smaller one deletes nothing: what is above its limits stays, and
        nothing can be added to it.
      </p>
    </Section>
  )
}

function Names({ state }: { state: FormState }) {
  return (
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
  )
}

/** Taking everything along, and the end. */
function CopyAndEnd({ workspace, viewer }: { workspace: WorkspaceView; viewer: Viewer }) {
  return (
    <Section id="copy" title="Copy, delete">
      <p class="muted">
        A copy is one file with everything in this workspace, as lines of JSON. Secrets stand in it as set, with their
        fingerprints. The audit log is a file of its own.
        {viewer.may.has('workspace.delete') ? '' : ' Only the owner can delete the workspace.'}
      </p>
      <p class="row">
        <a class="btn" href="/settings/export">
          Download a copy
        </a>
        {workspace.endsAt === null ? (
          <May viewer={viewer} action="workspace.delete">
            <a class="btn" href="/settings/delete">
              Delete this workspace
            </a>
          </May>
        ) : null}
      </p>
    </Section>
  )
}

export function SettingsPage({ viewer, workspace, plan, person, state }: SettingsProps) {
  return (
    <Dashboard title="Settings" viewer={viewer} current="/settings" failed={state.errors.length > 0}>
      <ErrorSummary errors={state.errors} fields={['name', 'slug']} />
      <div class="stack">
        <h1>Settings</h1>
        <SettingsMenu current="/settings" />
      </div>
      <May viewer={viewer} action="workspace.rename" otherwise={<p>An admin can change name and slug.</p>}>
        <Names state={state} />
      </May>
      <Plan plan={plan} />
      <Workspace workspace={workspace} />
      <CopyAndEnd workspace={workspace} viewer={viewer} />
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
