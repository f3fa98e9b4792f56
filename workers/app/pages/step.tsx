import type { Child } from 'hono/jsx'
import { ErrorSummary, type FormState } from './components/form.tsx'
import { Icon } from './components/icon.tsx'
import type { IconName } from './components/icon-names.ts'
import { pathWith } from './components/link.tsx'
import { type PlanRoom, WithinPlan } from './components/plan.tsx'
import { Dashboard, type Place, type Viewer } from './shells.tsx'

/** The first three things of a new workspace. Each page can be left out, and each does what its own form elsewhere does. */
const STEPS = {
  1: { current: '/monitors', next: '/start/alerts' },
  2: { current: '/integrations', next: '/start/status-page' },
  3: { current: '/status-pages', next: '/monitors' },
} as const satisfies Record<number, { current: Place; next: string }>
type Step = keyof typeof STEPS

interface StepProps {
  viewer: Viewer
  step: Step
  title: string
  lead: string
  state?: FormState
  fields?: string[]
  children?: Child
}

export function StepPage({ viewer, step, title, lead, state, fields = [], children }: StepProps) {
  const errors = state?.errors ?? []
  return (
    <Dashboard
      title={`${title}, step ${step} of 3`}
      viewer={viewer}
      current={STEPS[step].current}
      failed={errors.length > 0}
    >
      <ErrorSummary errors={errors} fields={fields} />
      <div class="stack">
        <p class="small muted">Step {step} of 3</p>
        <h1 class="wrap">{title}</h1>
        <p class="lead wrap">{lead}</p>
      </div>
      {children}
    </Dashboard>
  )
}

/** The page after a step, with the monitor that they are about. */
export const after = (step: Step, monitorId?: string) => pathWith(STEPS[step].next, { monitor: monitorId })

export const Skip = ({ step, monitorId }: { step: Step; monitorId?: string }) => (
  <a class="btn" href={after(step, monitorId)}>
    Skip
  </a>
)

export const Next = ({ href, children }: { href: string; children: string }) => (
  <a class="btn btn-primary" href={href}>
    {children}
  </a>
)

interface FormProps {
  action: string
  submit: string
  icon: IconName
  room: PlanRoom
  step: Step
  monitorId?: string
  children?: Child
}

/** The form of a step, and the way past it. */
export function StepForm({ action, submit, icon, room, step, monitorId, children }: FormProps) {
  return (
    <WithinPlan room={room} back={after(step, monitorId)} onward="Skip">
      <form class="form" method="post" action={action} novalidate>
        {children}
        <div class="field row">
          <button type="submit" class="btn btn-primary">
            <Icon name={icon} />
            {submit}
          </button>
          <Skip step={step} monitorId={monitorId} />
        </div>
      </form>
    </WithinPlan>
  )
}
