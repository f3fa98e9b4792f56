import type { MonitorView } from '../../../shared/contracts/monitor.ts'
import type { StatusPageView } from '../../../shared/contracts/status-page.ts'
import { Actions, Choices, ErrorSummary, type FormState, Input } from './components/form.tsx'
import { type PlanRoom, WithinPlan } from './components/plan.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface StatusPageFormProps {
  viewer: Viewer
  state: FormState
  page: StatusPageView | null
  monitors: MonitorView[]
  /** Room for another one; null when one is edited. */
  room: PlanRoom | null
}

export const STATUS_PAGE_FIELDS = ['title', 'slug', 'monitorIds']

/** What a status page is made of, wherever it is made. */
export function StatusPageFields({ state, monitors }: Pick<StatusPageFormProps, 'state' | 'monitors'>) {
  return (
    <>
      <Input state={state} name="title" label="Title" hint="Your product or company, as people know it" />
      <Input
        state={state}
        name="slug"
        label="Address"
        hint="Behind /s/: 3 to 63 lower-case letters, digits and hyphens"
      />
      <Choices
        state={state}
        name="monitorIds"
        label="Monitors on the page"
        hint={
          monitors.length === 0
            ? 'There is none yet. You can add them later.'
            : 'People see their names and whether they work, not their addresses.'
        }
        options={monitors.map((monitor) => [monitor.id, monitor.name])}
      />
    </>
  )
}

export function StatusPageFormPage({ viewer, state, page, monitors, room }: StatusPageFormProps) {
  const title = page ? `Edit ${page.title}` : 'New status page'
  return (
    <Dashboard title={title} viewer={viewer} current="/status-pages" failed={state.errors.length > 0}>
      <ErrorSummary errors={state.errors} fields={STATUS_PAGE_FIELDS} />
      <h1 class="wrap">{title}</h1>
      <WithinPlan room={room} back="/status-pages">
        <form class="form" method="post" action={page ? `/status-pages/${page.id}` : '/status-pages'} novalidate>
          <StatusPageFields state={state} monitors={monitors} />
          <Actions submit={page ? 'Save changes' : 'Publish page'} cancel="/status-pages" />
        </form>
      </WithinPlan>
    </Dashboard>
  )
}
