import type { IntegrationView } from '../../../shared/contracts/integration.ts'
import type { MonitorView } from '../../../shared/contracts/monitor.ts'
import type { StatusPageView } from '../../../shared/contracts/status-page.ts'
import { type FormState, Input } from './components/form.tsx'
import { pathWith, SafeLink } from './components/link.tsx'
import { Code, PostButton } from './components/page-parts.tsx'
import type { PlanRoom } from './components/plan.tsx'
import { Banner } from './components/status.tsx'
import { ComingTries } from './integration-test.tsx'
import { ComingChecks } from './monitor-check.tsx'
import type { Viewer } from './shells.tsx'
import { STATUS_PAGE_FIELDS, StatusPageFields } from './status-page-form.tsx'
import { after, Next, Skip, StepForm, StepPage } from './step.tsx'

interface StartProps {
  viewer: Viewer
  state: FormState
  room: PlanRoom
}

export function StartPage({ viewer, state, room }: StartProps) {
  const lead = 'Give Candor the address of a site or an API. It is checked every minute, and the first time right away.'
  return (
    <StepPage viewer={viewer} step={1} title="What is to be watched?" lead={lead} state={state} fields={['url']}>
      <StepForm action="/start" submit="Watch it" icon="activity" room={room} step={1}>
        <Input state={state} name="url" label="URL" hint="As in shop.example" inputmode="url" required />
      </StepForm>
    </StepPage>
  )
}

/** The monitor is there: its first checks. */
export function StartChecksPage({ viewer, monitor }: { viewer: Viewer; monitor: MonitorView }) {
  const lead = 'It is watched from now on. This is what the first checks say.'
  return (
    <StepPage viewer={viewer} step={1} title={monitor.name} lead={lead}>
      <ComingChecks monitor={monitor} />
      <p class="row">
        <Next href={after(1, monitor.id)}>Next: who is told</Next>
        <a href={`/monitors/${monitor.id}`}>All about this monitor</a>
      </p>
    </StepPage>
  )
}

interface AlertsProps extends StartProps {
  /** Whose incidents are told of; null when nothing is watched yet. */
  monitor: MonitorView | null
}

export function StartAlertsPage({ viewer, state, room, monitor }: AlertsProps) {
  const lead = `A webhook gets a signed message when ${monitor?.name ?? 'a monitor'} fails, and one when it works again.`
  const fields = ['name', 'config.url']
  return (
    <StepPage viewer={viewer} step={2} title="Who is told?" lead={lead} state={state} fields={fields}>
      <StepForm
        action={pathWith('/start/alerts', { monitor: monitor?.id })}
        submit="Create webhook"
        icon="bell"
        room={room}
        step={2}
        monitorId={monitor?.id}
      >
        <Input state={state} name="name" label="Name" hint="For you: who or what is told" />
        <Input
          state={state}
          name="config.url"
          label="Address"
          hint="Gets a POST, signed as Standard Webhooks has it. Sealed and never shown again."
          inputmode="url"
          required
        />
      </StepForm>
    </StepPage>
  )
}

interface SecretProps {
  viewer: Viewer
  integrationId: string
  secret: string
  monitor: MonitorView | null
  /** Whether the monitor tells it from now on. */
  told: boolean
}

const testPath = (id: string, monitorId?: string) => pathWith(`/start/integrations/${id}/test`, { monitor: monitorId })

/** The signing secret, the only time it can be seen, and the test on from there. */
export function StartSecretPage({ viewer, integrationId, secret, monitor, told }: SecretProps) {
  const monitorId = monitor?.id
  const lead = 'With this secret the receiver can tell that a message is ours.'
  return (
    <StepPage viewer={viewer} step={2} title="Your signing secret" lead={lead}>
      <div class="stack">
        <Banner tone="degraded" icon="copy">
          <p>Copy it now: it is not kept in a form that could be shown again.</p>
        </Banner>
        <Code>{secret}</Code>
        {monitor === null || told ? null : (
          <p>
            {monitor.name} does not tell it yet: that could not be stored. Choose it in{' '}
            <a href={`/monitors/${monitor.id}/edit`}>the monitor’s settings</a>.
          </p>
        )}
      </div>
      <div class="row">
        <PostButton action={testPath(integrationId, monitorId)} icon="send" primary>
          Send a test
        </PostButton>
        <Skip step={2} monitorId={monitorId} />
      </div>
    </StepPage>
  )
}

interface TestProps {
  viewer: Viewer
  integration: IntegrationView
  monitorId?: string
  sent: boolean
}

export function StartTestPage({ viewer, integration: { id, name }, monitorId, sent }: TestProps) {
  const lead = `A test message to ${name} is signed as every other, and says that it is one.`
  return (
    <StepPage viewer={viewer} step={2} title="Does it arrive?" lead={lead}>
      {sent ? <ComingTries name={name} /> : null}
      <div class="row">
        {sent ? <Next href={after(2, monitorId)}>Next: a public page</Next> : null}
        <PostButton action={testPath(id, monitorId)} icon="send" primary={!sent}>
          {sent ? 'Send another' : 'Send a test'}
        </PostButton>
        {sent ? null : <Skip step={2} monitorId={monitorId} />}
      </div>
    </StepPage>
  )
}

export function StartStatusPage({ viewer, state, room, monitors }: StartProps & { monitors: MonitorView[] }) {
  const lead = 'A public page says how you are, to those who depend on you, so that they need not ask.'
  return (
    <StepPage
      viewer={viewer}
      step={3}
      title="What does the public see?"
      lead={lead}
      state={state}
      fields={STATUS_PAGE_FIELDS}
    >
      <StepForm action="/start/status-page" submit="Publish page" icon="layout" room={room} step={3}>
        <StatusPageFields state={state} monitors={monitors} />
      </StepForm>
    </StepPage>
  )
}

/** All three are done. */
export function StartDonePage({ viewer, page, address }: { viewer: Viewer; page: StatusPageView; address: string }) {
  return (
    <StepPage
      viewer={viewer}
      step={3}
      title={`${page.title} is public`}
      lead="Anybody who has the address can read it."
    >
      <p class="wrap">
        <SafeLink href={address}>{address}</SafeLink>
      </p>
      <p class="row">
        <Next href="/monitors">Go to your monitors</Next>
        <a href={`/status-pages/${page.id}/edit`}>Change the page</a>
      </p>
    </StepPage>
  )
}
