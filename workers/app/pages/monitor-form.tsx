import type { IntegrationView } from '../../../shared/contracts/integration.ts'
import { INTERVALS, METHODS, type MonitorView } from '../../../shared/contracts/monitor.ts'
import {
  Actions,
  Checkbox,
  Choices,
  ErrorSummary,
  type FormState,
  Input,
  Part,
  Select,
  Textarea,
} from './components/form.tsx'
import { type PlanRoom, WithinPlan } from './components/plan.tsx'
import { duration } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface MonitorFormProps {
  viewer: Viewer
  state: FormState
  /** The monitor that is edited; null for a new one. */
  monitor: MonitorView | null
  integrations: IntegrationView[]
  minIntervalSeconds: number
  /** Room for another one; null when one is edited. */
  room: PlanRoom | null
}

const FIELDS = [
  'name',
  'url',
  'method',
  'intervalSeconds',
  'timeoutMs',
  'degradedAfterMs',
  'followRedirects',
  'headers',
  'body',
  'integrationIds',
]

const KEEP = 'Sealed and never shown again. Leave empty to keep what is set.'

/**
 * Intervals to choose from: what the plan allows, and what the monitor has already. An interval that came by the API
 * stays as it is unless somebody chooses another.
 */
export function intervalsFor(minIntervalSeconds: number, current: number | undefined): number[] {
  const allowed = INTERVALS.filter((seconds) => seconds >= minIntervalSeconds)
  const all = new Set<number>(current === undefined ? allowed : [...allowed, current])
  return [...all].sort((a, b) => a - b)
}

function Target({ state, monitor, minIntervalSeconds }: MonitorFormProps) {
  const intervals = intervalsFor(minIntervalSeconds, monitor?.intervalSeconds)
  return (
    <Part title="What is checked">
      <Input
        state={state}
        name="url"
        label="URL"
        hint="Begins with http:// or https://"
        type="url"
        inputmode="url"
        required
      />
      <Input
        state={state}
        name="name"
        label="Name"
        hint="What people see, also on status pages. Left empty, it is the host of the URL."
      />
      <div class="pair">
        <Select
          state={state}
          name="intervalSeconds"
          label="Check every"
          hint={`Your plan checks every ${duration(minIntervalSeconds * 1000)} at most`}
          options={intervals.map((seconds) => [String(seconds), duration(seconds * 1000)])}
        />
        <Select state={state} name="method" label="Method" options={METHODS.map((method) => [method, method])} />
      </div>
    </Part>
  )
}

function Judging({ state }: Pick<MonitorFormProps, 'state'>) {
  return (
    <Part title="What counts as trouble">
      <div class="pair">
        <Input
          state={state}
          name="timeoutMs"
          label="Time-out, in milliseconds"
          hint="A check that takes longer has failed"
          inputmode="numeric"
        />
        <Input
          state={state}
          name="degradedAfterMs"
          label="Degraded after, in milliseconds"
          hint="Optional: a slower answer is degraded"
          inputmode="numeric"
        />
      </div>
      <Checkbox state={state} name="followRedirects" label="Follow redirects" />
    </Part>
  )
}

function Secrets({ state, monitor }: Pick<MonitorFormProps, 'state' | 'monitor'>) {
  const headers = monitor?.headers.set === true
  const body = monitor?.body.set === true
  return (
    <Part title="What is sent">
      <Textarea
        state={state}
        name="headers"
        label="Request headers"
        hint={headers ? KEEP : 'One a line, as in: Accept: text/html. They are sealed and never shown again.'}
      />
      {headers ? <Checkbox state={state} name="removeHeaders" label="Remove the headers that are set" /> : null}
      <Textarea
        state={state}
        name="body"
        label="Request body"
        hint={body ? KEEP : 'For POST, PUT and PATCH. Sealed and never shown again.'}
      />
      {body ? <Checkbox state={state} name="removeBody" label="Remove the body that is set" /> : null}
    </Part>
  )
}

function Told({ state, integrations }: Pick<MonitorFormProps, 'state' | 'integrations'>) {
  return (
    <Part title="Who is told">
      <Choices
        state={state}
        name="integrationIds"
        label="Integrations that hear of an incident"
        hint={integrations.length === 0 ? 'There is none yet: add one under Integrations, and come back.' : undefined}
        options={integrations.map((integration) => [integration.id, integration.name])}
      />
    </Part>
  )
}

export function MonitorFormPage(props: MonitorFormProps) {
  const { viewer, state, monitor, room } = props
  const title = monitor ? `Edit ${monitor.name}` : 'New monitor'
  const back = monitor ? `/monitors/${monitor.id}` : '/monitors'
  return (
    <Dashboard title={title} viewer={viewer} current="/monitors" failed={state.errors.length > 0}>
      <ErrorSummary errors={state.errors} fields={FIELDS} />
      <h1 class="wrap">{title}</h1>
      <WithinPlan room={room} back="/monitors">
        <form class="form" method="post" action={back} novalidate>
          <Target {...props} />
          <Judging {...props} />
          <Secrets {...props} />
          <Told {...props} />
          <div class="part">
            <Actions submit={monitor ? 'Save changes' : 'Create monitor'} cancel={back} />
          </div>
        </form>
      </WithinPlan>
    </Dashboard>
  )
}
