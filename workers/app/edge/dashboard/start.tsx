import { type Context, Hono } from 'hono'
import type { MonitorView } from '../../../../shared/contracts/monitor.ts'
import { withScheme } from '../../../../shared/domain/address.ts'
import { AppError } from '../../../../shared/errors.ts'
import { logFault } from '../../../../shared/fault.ts'
import { configOf } from '../../bindings.ts'
import type { FormState, Values } from '../../pages/components/form.tsx'
import { pathWith } from '../../pages/components/link.tsx'
import {
  StartAlertsPage,
  StartChecksPage,
  StartDonePage,
  StartPage,
  StartSecretPage,
  StartStatusPage,
  StartTestPage,
} from '../../pages/start.tsx'
import { createIntegration } from '../../services/integration/create.ts'
import { getIntegration } from '../../services/integration/get.ts'
import { testIntegration } from '../../services/integration/test.ts'
import { type Counted, roomFor } from '../../services/limits.ts'
import { allMonitors } from '../../services/monitor/all.ts'
import { createMonitor } from '../../services/monitor/create.ts'
import { getMonitor } from '../../services/monitor/get.ts'
import { updateMonitor } from '../../services/monitor/update.ts'
import type { Mutation } from '../../services/mutation.ts'
import { createStatusPage } from '../../services/status-page/create.ts'
import { getStatusPage } from '../../services/status-page/get.ts'
import { workspaceUsage } from '../../services/workspace/usage.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { mutate, readPage } from '../run.ts'
import { streamed } from '../streamed.tsx'
import { checksOf, messageOf, sinceOf, triesOf } from './coming.tsx'
import { formOf, listOf, refused, statusOf, textOf } from './form.ts'
import { createInput, NEW_MONITOR } from './monitor-input.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

const idOf = (c: C) => c.req.param('id') ?? ''

/** What the form of a step is shown with, of a step that makes one more of something: its reader may, and there is room. */
async function stepOf(c: C, verb: Mutation, counted: Counted) {
  const { context, answers } = await readPage(c, [
    { query: workspaceUsage, input: {} },
    { query: allMonitors, input: {} },
  ])
  const [{ usage }, monitors] = answers
  const monitor = monitors.find(({ id }) => id === c.req.query('monitor')) ?? null
  const room = roomFor(context.plan, counted, usage[counted])
  return { viewer: viewerOf(context, verb), room, monitors, monitor }
}

async function start(c: C, state: FormState, status = 200) {
  const { viewer, room } = await stepOf(c, createMonitor, 'monitors')
  return page(c, <StartPage viewer={viewer} room={room} state={state} />, status)
}

async function watch(c: C) {
  const values = await formOf(c)
  const url = withScheme(textOf(values, 'url'))
  // A URL that is none has no host to be called by: what is wrong is the URL, and nothing is made.
  const name = URL.canParse(url) ? '' : 'Monitor'
  try {
    const since = Date.now()
    const { entityId } = await mutate(c, createMonitor, createInput({ ...NEW_MONITOR, url, name }))
    return c.redirect(`/start/monitors/${entityId}?since=${since}`, 303)
  } catch (error) {
    return start(c, refused(error, values), statusOf(error))
  }
}

async function checks(c: C) {
  const { context, answers } = await readPage(c, [{ query: getMonitor, input: { id: idOf(c) } }])
  const [monitor] = answers
  const content = <StartChecksPage viewer={viewerOf(context, createMonitor)} monitor={monitor} />
  return streamed(c, content, checksOf(c, monitor, sinceOf(c)))
}

async function alerts(c: C, state: FormState, status = 200) {
  const { viewer, room, monitor } = await stepOf(c, createIntegration, 'integrations')
  return page(c, <StartAlertsPage viewer={viewer} room={room} monitor={monitor} state={state} />, status)
}

/** Has a monitor tell one more. False where there is none, or where that could not be done. */
async function attach(c: C, monitor: MonitorView | null, integrationId: string): Promise<boolean> {
  if (!monitor) return false
  const integrationIds = [...monitor.integrationIds, integrationId]
  return mutate(c, updateMonitor, { id: monitor.id, integrationIds }).then(
    () => true,
    (error) => {
      if (!(error instanceof AppError)) logFault('start.not_attached', error, { requestId: c.get('requestId') })
      return false
    },
  )
}

/** Makes the webhook, and has the monitor of the first step tell it. Once it is made, nothing keeps its secret back. */
async function tell(c: C) {
  const values = await formOf(c)
  const { viewer, monitor } = await stepOf(c, createIntegration, 'integrations')
  const input = { kind: 'webhook', name: textOf(values, 'name'), config: { url: textOf(values, 'config.url') } }
  const made = await mutate(c, createIntegration, input).catch((error) => ({ state: refused(error, values), error }))
  if ('state' in made) return alerts(c, made.state, statusOf(made.error))
  const integrationId = made.entityId
  const told = await attach(c, monitor, integrationId)
  const secret = made.reveal.signingSecret
  if (secret === undefined)
    return c.redirect(pathWith(`/start/integrations/${integrationId}/test`, { monitor: monitor?.id }), 303)
  return page(c, <StartSecretPage {...{ viewer, integrationId, secret, monitor, told }} />, 201)
}

async function sendTest(c: C) {
  const since = String(Date.now())
  const { effects } = await mutate(c, testIntegration, { id: idOf(c) })
  const query = { monitor: c.req.query('monitor'), message: effects[0], since }
  return c.redirect(pathWith(`/start/integrations/${idOf(c)}/test`, query), 303)
}

async function showTest(c: C) {
  const { context, answers } = await readPage(c, [
    { query: getIntegration, input: { id: idOf(c) } },
    { query: allMonitors, input: {} },
  ])
  const [integration, monitors] = answers
  const monitorId = monitors.find(({ id }) => id === c.req.query('monitor'))?.id
  const message = messageOf(c)
  const props = { viewer: viewerOf(context, testIntegration), integration, monitorId, sent: message !== null }
  const content = <StartTestPage {...props} />
  return message === null ? page(c, content) : streamed(c, content, triesOf(c, message, sinceOf(c)))
}

const slugOf = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '')

async function statusPage(c: C, given?: FormState, status = 200) {
  const { viewer, room, monitors, monitor } = await stepOf(c, createStatusPage, 'statusPages')
  const title = monitor?.name ?? ''
  const values: Values = { title, slug: slugOf(title), ...(monitor && { monitorIds: [monitor.id] }) }
  const state = given ?? { values, errors: [] }
  return page(c, <StartStatusPage viewer={viewer} room={room} monitors={monitors} state={state} />, status)
}

async function publish(c: C) {
  const values = await formOf(c)
  const input = {
    title: textOf(values, 'title'),
    slug: textOf(values, 'slug'),
    monitorIds: listOf(values, 'monitorIds'),
  }
  try {
    const { entityId } = await mutate(c, createStatusPage, input)
    return c.redirect(`/start/status-pages/${entityId}`, 303)
  } catch (error) {
    return statusPage(c, refused(error, values), statusOf(error))
  }
}

async function done(c: C) {
  const { context, answers } = await readPage(c, [{ query: getStatusPage, input: { id: idOf(c) } }])
  const [statusPage] = answers
  const address = `${configOf(c.env).statusUrl}/s/${statusPage.slug}`
  return page(c, <StartDonePage viewer={viewerOf(context, createStatusPage)} page={statusPage} address={address} />)
}

/** The first three steps of a new workspace: something to watch, somebody to tell, something to show. */
export function startPages() {
  const app = new Hono<Edge>()
  app.get('/start', (c) => start(c, { values: { url: c.req.query('url') }, errors: [] }))
  app.post('/start', watch)
  app.get('/start/monitors/:id', checks)
  app.get('/start/alerts', (c) => alerts(c, { values: {}, errors: [] }))
  app.post('/start/alerts', tell)
  app.get('/start/integrations/:id/test', showTest)
  app.post('/start/integrations/:id/test', sendTest)
  app.get('/start/status-page', (c) => statusPage(c))
  app.post('/start/status-page', publish)
  app.get('/start/status-pages/:id', done)
  return app
}
