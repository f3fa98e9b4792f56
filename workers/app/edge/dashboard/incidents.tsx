import { type Context, Hono } from 'hono'
import { unknown } from '../../../../shared/fault.ts'
import { objectOf } from '../../bindings.ts'
import { IncidentPage } from '../../pages/incident.tsx'
import { IncidentsPage } from '../../pages/incidents.tsx'
import { auditOfIncident } from '../../services/audit/of-entity.ts'
import { deliveriesAbout } from '../../services/delivery/list.ts'
import { getIncident } from '../../services/incident/get.ts'
import { listIncidents } from '../../services/incident/list.ts'
import { getMonitorOfIncident } from '../../services/incident/monitor.ts'
import { listIntegrations } from '../../services/integration/list.ts'
import { allMonitors } from '../../services/monitor/all.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { credentialOf, readPage } from '../run.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

async function list(c: C) {
  const { context, answers } = await readPage(c, [
    { query: listIncidents, input: c.req.query() },
    { query: allMonitors, input: {} },
  ])
  const names = new Map(answers[1].map((monitor) => [monitor.id, monitor.name]))
  return page(c, <IncidentsPage viewer={viewerOf(context)} page={answers[0]} monitorNames={names} now={Date.now()} />)
}

async function show(c: C) {
  const id = c.req.param('id') ?? ''
  const { context, answers } = await readPage(c, [
    { query: getIncident, input: { id } },
    { query: getMonitorOfIncident, input: { id } },
    { query: deliveriesAbout, input: { id } },
    { query: listIntegrations, input: { limit: 100 } },
    { query: auditOfIncident, input: { id } },
  ])
  const [incident, monitor, deliveries, integrations, changes] = answers
  const now = Date.now()
  const { startedAt, resolvedAt } = incident
  const to = resolvedAt === null ? now : Date.parse(resolvedAt)
  const evidence = await objectOf(c.env.MONITORING, c.env, credentialOf(c).workspaceId)
    .evidence(monitor.id, Date.parse(startedAt), to)
    .catch((error) => unknown('monitoring.unreachable', error))
  const integrationNames = new Map(integrations.data.map((integration) => [integration.id, integration.name]))
  const props = { viewer: viewerOf(context), incident, monitor, evidence, deliveries, integrationNames, changes, now }
  return page(c, <IncidentPage {...props} />)
}

export function incidents() {
  const app = new Hono<Edge>()
  app.get('/incidents', list)
  app.get('/incidents/:id', show)
  return app
}
