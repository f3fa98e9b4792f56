import { type Context, Hono } from 'hono'
import type { Plan } from '../../../../shared/contracts/common.ts'
import { IDLE_DAYS } from '../../../../shared/domain/idle.ts'
import { canMail, configOf } from '../../bindings.ts'
import type { FormState } from '../../pages/components/form.tsx'
import { type PlanFigures, SettingsPage } from '../../pages/settings.tsx'
import { COUNTED, type Counted, LIMITS, PLAN_NAMES, roomFor, type Usage } from '../../services/limits.ts'
import { renameWorkspace } from '../../services/workspace/rename.ts'
import { workspaceUsage } from '../../services/workspace/usage.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { mutate, readPage } from '../run.ts'
import { formOf, refused, textOf } from './form.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

/** Members are counted by no rule yet, so nothing is said of them. */
const SHOWN = (Object.keys(COUNTED) as Counted[]).filter((counted) => counted !== 'members')

function planOf(c: C, plan: Plan, usage: Usage): PlanFigures {
  const { minIntervalSeconds, auditLogs, auditHours, auditDays } = LIMITS[plan]
  const rooms = SHOWN.map((counted) => roomFor(plan, counted, usage[counted]))
  // Without mail nothing is paused: nobody could be told.
  const idleDays = canMail(configOf(c.env)) ? IDLE_DAYS[plan] : null
  const hours = auditLogs ? null : auditHours
  return { name: PLAN_NAMES[plan], rooms, minIntervalSeconds, auditHours: hours, auditDays, idleDays }
}

async function show(c: C, state?: FormState, status = 200) {
  const { context, answers } = await readPage(c, [{ query: workspaceUsage, input: {} }])
  const [{ workspace, usage }] = answers
  const props = {
    viewer: viewerOf(context),
    workspace,
    plan: planOf(c, context.plan, usage),
    person: context.person && { ...context.person, role: context.role },
    state: state ?? { values: { name: workspace.name, slug: workspace.slug ?? '' }, errors: [] },
  }
  return page(c, <SettingsPage {...props} />, status)
}

/** The workspace itself: its name, its address, its plan. */
export function settings() {
  const app = new Hono<Edge>()
  app.get('/settings', (c) => show(c))
  app.post('/settings', async (c) => {
    const values = await formOf(c)
    try {
      const slug = textOf(values, 'slug')
      await mutate(c, renameWorkspace, { name: textOf(values, 'name'), ...(slug !== '' && { slug }) })
      return c.redirect('/settings', 303)
    } catch (error) {
      return show(c, refused(error, values), 422)
    }
  })
  return app
}
