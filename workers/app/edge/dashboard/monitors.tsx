import { type Context, Hono } from 'hono'
import type { MonitorView } from '../../../../shared/contracts/monitor.ts'
import { unknown } from '../../../../shared/fault.ts'
import { objectOf } from '../../bindings.ts'
import type { FormState } from '../../pages/components/form.tsx'
import { ConfirmPage } from '../../pages/confirm.tsx'
import { MonitorPage, PERIODS, type Period } from '../../pages/monitor.tsx'
import { MonitorCheckPage } from '../../pages/monitor-check.tsx'
import { MonitorFormPage } from '../../pages/monitor-form.tsx'
import { MonitorsPage } from '../../pages/monitors.tsx'
import { auditOfMonitor } from '../../services/audit/of-entity.ts'
import { deliveriesOf } from '../../services/delivery/list.ts'
import { listIncidents } from '../../services/incident/list.ts'
import { listIntegrations } from '../../services/integration/list.ts'
import { LIMITS, roomFor } from '../../services/limits.ts'
import { allMonitors } from '../../services/monitor/all.ts'
import { checkMonitor } from '../../services/monitor/check.ts'
import { createMonitor } from '../../services/monitor/create.ts'
import { deleteMonitor } from '../../services/monitor/delete.ts'
import { getMonitor } from '../../services/monitor/get.ts'
import { pauseMonitor } from '../../services/monitor/pause.ts'
import { resumeMonitor } from '../../services/monitor/resume.ts'
import { updateMonitor } from '../../services/monitor/update.ts'
import type { Mutation } from '../../services/mutation.ts'
import { workspaceUsage } from '../../services/workspace/usage.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { credentialOf, mutate, read, readPage } from '../run.ts'
import { streamed } from '../streamed.tsx'
import { checksOf, sinceOf } from './coming.tsx'
import { formOf, refused, textOf } from './form.ts'
import { createInput, NEW_MONITOR, updateInput, valuesOf } from './monitor-input.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

const monitoringOf = (c: C) => objectOf(c.env.MONITORING, c.env, credentialOf(c).workspaceId)
const idOf = (c: C) => c.req.param('id') ?? ''

/** The list; after something was tried with several of it, with what came of that. */
export async function list(c: C, tried?: { verb: Mutation; state: FormState; status: number }) {
  const { context, answers } = await readPage(c, [
    { query: allMonitors, input: {} },
    { query: workspaceUsage, input: {} },
  ])
  const room = roomFor(context.plan, 'monitors', answers[1].usage.monitors)
  const summaries = await monitoringOf(c)
    .summaries(null, 30)
    .catch((error) => unknown('monitoring.unreachable', error))
  const byId = new Map((summaries ?? []).map((summary) => [summary.id, summary]))
  const lines = answers[0].map((monitor) => ({ monitor, summary: byId.get(monitor.id) }))
  const { state } = tried ?? {}
  const filter = state ? textOf(state.values, 'status') || undefined : c.req.query('status')
  const props = { viewer: viewerOf(context, tried?.verb), lines, filter, now: Date.now(), room, state }
  return page(c, <MonitorsPage {...props} />, tried?.status)
}

async function form(c: C, monitor: MonitorView | null, state: FormState, status = 200) {
  const { context, answers } = await readPage(c, [
    { query: listIntegrations, input: { limit: 100 } },
    { query: workspaceUsage, input: {} },
  ])
  const [integrations, { usage }] = answers
  const { minIntervalSeconds } = LIMITS[context.plan]
  const room = monitor ? null : roomFor(context.plan, 'monitors', usage.monitors)
  const props = {
    viewer: viewerOf(context, monitor ? updateMonitor : createMonitor),
    state,
    monitor,
    integrations: integrations.data,
    minIntervalSeconds,
    room,
  }
  return page(c, <MonitorFormPage {...props} />, status)
}

async function create(c: C) {
  const values = await formOf(c)
  try {
    const { entityId } = await mutate(c, createMonitor, createInput(values))
    return c.redirect(`/monitors/${entityId}`, 303)
  } catch (error) {
    return form(c, null, refused(error, values), 422)
  }
}

async function update(c: C) {
  const values = await formOf(c)
  try {
    await mutate(c, updateMonitor, { id: idOf(c), ...updateInput(values) })
    return c.redirect(`/monitors/${idOf(c)}`, 303)
  } catch (error) {
    const state = refused(error, values)
    return form(c, await read(c, getMonitor, { id: idOf(c) }), state, 422)
  }
}

const isPeriod = (text: string | undefined): text is Period => text !== undefined && text in PERIODS

async function show(c: C) {
  const id = idOf(c)
  const asked = c.req.query('period')
  const period: Period = isPeriod(asked) ? asked : '24h'
  const { context, answers } = await readPage(c, [
    { query: getMonitor, input: { id } },
    { query: listIncidents, input: { monitorId: id, limit: 20 } },
    { query: deliveriesOf, input: { id } },
    { query: listIntegrations, input: { limit: 100 } },
    { query: auditOfMonitor, input: { id } },
  ])
  const [monitor, incidents, deliveries, integrations, changes] = answers
  // Two hundred points: as many as the drawing can show.
  const detail = await monitoringOf(c)
    .detail(id, PERIODS[period], Math.max(60_000, Math.ceil(PERIODS[period] / 200 / 60_000) * 60_000))
    .catch((error) => unknown('monitoring.unreachable', error))
  const props = {
    viewer: viewerOf(context),
    monitor,
    detail,
    incidents: incidents.data,
    deliveries,
    integrationNames: new Map(integrations.data.map((integration) => [integration.id, integration.name])),
    changes,
    period,
    now: Date.now(),
  }
  return page(c, <MonitorPage {...props} />)
}

/** A monitor's checks from a moment on, as they are made. */
async function showCheck(c: C) {
  const { context, answers } = await readPage(c, [{ query: getMonitor, input: { id: idOf(c) } }])
  const [monitor] = answers
  const content = <MonitorCheckPage viewer={viewerOf(context)} monitor={monitor} />
  return streamed(c, content, checksOf(c, monitor, sinceOf(c)))
}

async function confirmDelete(c: C) {
  const { context, answers } = await readPage(c, [{ query: getMonitor, input: { id: idOf(c) } }])
  const [monitor] = answers
  const props = {
    viewer: viewerOf(context, deleteMonitor),
    current: '/monitors' as const,
    title: `Delete ${monitor.name}?`,
    consequence:
      'Its checks stop, and its results, its incidents and its places on status pages go. The audit log keeps what it was.',
    action: `/monitors/${monitor.id}/delete`,
    submit: 'Delete monitor',
    cancel: `/monitors/${monitor.id}`,
    state: { values: {}, errors: [] },
  }
  return page(c, <ConfirmPage {...props} />)
}

export function monitors() {
  const app = new Hono<Edge>()
  app.get('/monitors', (c) => list(c))
  app.get('/monitors/new', (c) => form(c, null, { values: NEW_MONITOR, errors: [] }))
  app.post('/monitors', create)
  app.get('/monitors/:id', show)
  app.post('/monitors/:id', update)
  app.get('/monitors/:id/edit', async (c) => {
    const monitor = await read(c, getMonitor, { id: idOf(c) })
    return form(c, monitor, { values: valuesOf(monitor), errors: [] })
  })
  app.get('/monitors/:id/delete', confirmDelete)
  app.post('/monitors/:id/delete', async (c) => {
    await mutate(c, deleteMonitor, { id: idOf(c) })
    return c.redirect('/monitors', 303)
  })
  app.get('/monitors/:id/check', showCheck)
  app.post('/monitors/:id/check', async (c) => {
    const since = Date.now()
    await mutate(c, checkMonitor, { id: idOf(c) })
    return c.redirect(`/monitors/${idOf(c)}/check?since=${since}`, 303)
  })
  for (const verb of [pauseMonitor, resumeMonitor])
    app.post(`/monitors/:id/${verb.action.slice('monitor.'.length)}`, async (c) => {
      await mutate(c, verb, { id: idOf(c) })
      return c.redirect(`/monitors/${idOf(c)}`, 303)
    })
  return app
}
