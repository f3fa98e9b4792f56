import { type Context, Hono } from 'hono'
import type { Plan } from '../../../../shared/contracts/common.ts'
import type { FormState } from '../../pages/components/form.tsx'
import { IncidentsPage } from '../../pages/incidents.tsx'
import { type PlanFigures, SettingsPage } from '../../pages/settings.tsx'
import { listIncidents } from '../../services/incident/list.ts'
import { COUNTED, type Counted, LIMITS, PLAN_NAMES, roomFor, type Usage } from '../../services/limits.ts'
import { allMonitors } from '../../services/monitor/all.ts'
import { renameWorkspace } from '../../services/workspace/rename.ts'
import { workspaceUsage } from '../../services/workspace/usage.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { mutate, readPage } from '../run.ts'
import { formOf, refused, textOf } from './form.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

async function incidents(c: C) {
  const { context, answers } = await readPage(c, [
    { query: listIncidents, input: c.req.query() },
    { query: allMonitors, input: {} },
  ])
  const names = new Map(answers[1].map((monitor) => [monitor.id, monitor.name]))
  return page(c, <IncidentsPage viewer={viewerOf(context)} page={answers[0]} monitorNames={names} now={Date.now()} />)
}

/** Members are counted by no rule yet, so nothing is said of them. */
const SHOWN = (Object.keys(COUNTED) as Counted[]).filter((counted) => counted !== 'members')

function planOf(plan: Plan, usage: Usage): PlanFigures {
  const { minIntervalSeconds, auditLogs, auditHours, auditDays } = LIMITS[plan]
  const rooms = SHOWN.map((counted) => roomFor(plan, counted, usage[counted]))
  return { name: PLAN_NAMES[plan], rooms, minIntervalSeconds, auditHours: auditLogs ? null : auditHours, auditDays }
}

async function settings(c: C, state?: FormState, status = 200) {
  const { context, answers } = await readPage(c, [{ query: workspaceUsage, input: {} }])
  const [{ workspace, usage }] = answers
  const props = {
    viewer: viewerOf(context),
    workspace,
    plan: planOf(context.plan, usage),
    person: context.person && { ...context.person, role: context.role },
    state: state ?? { values: { name: workspace.name, slug: workspace.slug ?? '' }, errors: [] },
  }
  return page(c, <SettingsPage {...props} />, status)
}

/** Pages that are one list or one form. */
export function lists() {
  const app = new Hono<Edge>()
  app.get('/incidents', incidents)
  app.get('/settings', (c) => settings(c))
  app.post('/settings', async (c) => {
    const values = await formOf(c)
    try {
      const slug = textOf(values, 'slug')
      await mutate(c, renameWorkspace, { name: textOf(values, 'name'), ...(slug !== '' && { slug }) })
      return c.redirect('/settings', 303)
    } catch (error) {
      return settings(c, refused(error, values), 422)
    }
  })
  return app
}
