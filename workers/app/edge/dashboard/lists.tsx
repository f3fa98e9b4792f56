import { type Context, Hono } from 'hono'
import type { FormState } from '../../pages/components/form.tsx'
import { IncidentsPage } from '../../pages/incidents.tsx'
import { SettingsPage } from '../../pages/settings.tsx'
import { listIncidents } from '../../services/incident/list.ts'
import { allMonitors } from '../../services/monitor/all.ts'
import { getWorkspace } from '../../services/workspace/get.ts'
import { renameWorkspace } from '../../services/workspace/rename.ts'
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

async function settings(c: C, state?: FormState, status = 200) {
  const { context, answers } = await readPage(c, [{ query: getWorkspace, input: {} }])
  const props = {
    viewer: viewerOf(context),
    workspace: answers[0],
    person: context.person && { ...context.person, role: context.role },
    state: state ?? { values: { name: answers[0].name, slug: answers[0].slug ?? '' }, errors: [] },
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
