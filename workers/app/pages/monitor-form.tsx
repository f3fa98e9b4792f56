import type { IntegrationView } from '../../../shared/contracts/integration.ts'
import { INTERVALS, METHODS, type MonitorView } from '../../../shared/contracts/monitor.ts'
import {
  Actions,
  Checkbox,
  Choices,
  ErrorSummary,
  type FormState,
  Input,
  Select,
  Textarea,
} from './components/form.tsx'
import { duration } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface MonitorFormProps {
  viewer: Viewer
  state: FormState
  /** The monitor that is edited; null for a new one. */
  monitor: MonitorView | null
  integrations: IntegrationView[]
  minIntervalSeconds: number
}

const FIELDS = [
  'name',
  'url',
  'method',
  'intervalSeconds',
  'timeoutMs',
  'degradedAfterMs',
  'headers',
  'body',
  'integrationIds',
]

function Secrets({ state, monitor }: Pick<MonitorFormProps, 'state' | 'monitor'>) {
  const kept = monitor !== null
  const keep = 'Sealed and never shown again. Leave empty to keep what is set.'
  return (
    <>
      <Textarea
        state={state}
        name="headers"
        label="Request headers"
        hint={
          kept && monitor.headers.set
            ? keep
            : 'One a line, as in: Authorization: Bearer … They are sealed and never shown again.'
        }
      />
      {kept && monitor.headers.set ? (
        <Checkbox state={state} name="removeHeaders" label="Remove the headers that are set" />
      ) : null}
      <Textarea
        state={state}
        name="body"
        label="Request body"
        hint={kept && monitor.body.set ? keep : 'For POST, PUT and PATCH. Sealed and never shown again.'}
      />
      {kept && monitor.body.set ? (
        <Checkbox state={state} name="removeBody" label="Remove the body that is set" />
      ) : null}
    </>
  )
}

export function MonitorFormPage({ viewer, state, monitor, integrations, minIntervalSeconds }: MonitorFormProps) {
  const title = monitor ? `Edit ${monitor.name}` : 'New monitor'
  const intervals = INTERVALS.filter((seconds) => seconds >= minIntervalSeconds)
  return (
    <Dashboard title={title} viewer={viewer} current="/monitors" failed={state.errors.length > 0}>
      <h1 class="wrap">{title}</h1>
      <ErrorSummary errors={state.errors} fields={FIELDS} />
      <form class="form" method="post" action={monitor ? `/monitors/${monitor.id}` : '/monitors'} novalidate>
        <Input
          state={state}
          name="url"
          label="URL"
          hint="What is checked: http:// or https://"
          type="url"
          inputmode="url"
        />
        <Input state={state} name="name" label="Name" hint="What people see, also on status pages" />
        <Select
          state={state}
          name="intervalSeconds"
          label="Check every"
          options={intervals.map((seconds) => [String(seconds), duration(seconds * 1000)])}
        />
        <Select state={state} name="method" label="Method" options={METHODS.map((method) => [method, method])} />
        <Input
          state={state}
          name="timeoutMs"
          label="Time-out in milliseconds"
          inputmode="numeric"
          hint="A check that takes longer has failed"
        />
        <Input
          state={state}
          name="degradedAfterMs"
          label="Degraded after, in milliseconds"
          inputmode="numeric"
          hint="Optional: slower answers count as degraded"
        />
        <Checkbox state={state} name="followRedirects" label="Follow redirects" />
        <Secrets state={state} monitor={monitor} />
        {integrations.length === 0 ? null : (
          <Choices
            state={state}
            name="integrationIds"
            label="Who is told of an incident"
            options={integrations.map((integration) => [integration.id, integration.name])}
          />
        )}
        <Actions
          submit={monitor ? 'Save changes' : 'Create monitor'}
          cancel={monitor ? `/monitors/${monitor.id}` : '/monitors'}
        />
      </form>
    </Dashboard>
  )
}
