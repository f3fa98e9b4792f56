import { type Context, Hono } from 'hono'
import type { StatusPageView } from '../../../../shared/contracts/status-page.ts'
import { configOf } from '../../bindings.ts'
import type { FormState, Values } from '../../pages/components/form.tsx'
import { ConfirmPage } from '../../pages/confirm.tsx'
import { StatusPageFormPage } from '../../pages/status-page-form.tsx'
import { StatusPagesPage } from '../../pages/status-pages.tsx'
import { roomFor } from '../../services/limits.ts'
import { allMonitors } from '../../services/monitor/all.ts'
import { createStatusPage } from '../../services/status-page/create.ts'
import { deleteStatusPage } from '../../services/status-page/delete.ts'
import { getStatusPage } from '../../services/status-page/get.ts'
import { listStatusPages } from '../../services/status-page/list.ts'
import { updateStatusPage } from '../../services/status-page/update.ts'
import { workspaceUsage } from '../../services/workspace/usage.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { mutate, read, readPage } from '../run.ts'
import { formOf, listOf, refused, textOf } from './form.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

const idOf = (c: C) => c.req.param('id') ?? ''
const inputOf = (values: Values) => ({
  title: textOf(values, 'title'),
  slug: textOf(values, 'slug'),
  monitorIds: listOf(values, 'monitorIds'),
})
const valuesOf = ({ title, slug, monitorIds }: StatusPageView): Values => ({ title, slug, monitorIds })

async function list(c: C) {
  const { context, answers } = await readPage(c, [
    { query: listStatusPages, input: { limit: 100 } },
    { query: workspaceUsage, input: {} },
  ])
  const { statusUrl } = configOf(c.env)
  const room = roomFor(context.plan, 'statusPages', answers[1].usage.statusPages)
  return page(
    c,
    <StatusPagesPage viewer={viewerOf(context)} pages={answers[0].data} room={room} statusUrl={statusUrl} />,
  )
}

async function form(c: C, existing: StatusPageView | null, state: FormState, status = 200) {
  const { context, answers } = await readPage(c, [
    { query: allMonitors, input: {} },
    { query: workspaceUsage, input: {} },
  ])
  const room = existing ? null : roomFor(context.plan, 'statusPages', answers[1].usage.statusPages)
  const props = {
    viewer: viewerOf(context, existing ? updateStatusPage : createStatusPage),
    state,
    page: existing,
    monitors: answers[0],
    room,
  }
  return page(c, <StatusPageFormPage {...props} />, status)
}

async function create(c: C) {
  const values = await formOf(c)
  try {
    await mutate(c, createStatusPage, inputOf(values))
    return c.redirect('/status-pages', 303)
  } catch (error) {
    return form(c, null, refused(error, values), 422)
  }
}

async function update(c: C) {
  const values = await formOf(c)
  try {
    await mutate(c, updateStatusPage, { id: idOf(c), ...inputOf(values) })
    return c.redirect('/status-pages', 303)
  } catch (error) {
    const state = refused(error, values)
    return form(c, await read(c, getStatusPage, { id: idOf(c) }), state, 422)
  }
}

async function confirmDelete(c: C, state: FormState, status = 200) {
  const { context, answers } = await readPage(c, [{ query: getStatusPage, input: { id: idOf(c) } }])
  const [existing] = answers
  const props = {
    viewer: viewerOf(context, deleteStatusPage),
    current: '/status-pages' as const,
    title: `Delete ${existing.title}?`,
    consequence: `The public page /s/${existing.slug} goes at once. Its monitors stay.`,
    action: `/status-pages/${existing.id}/delete`,
    submit: 'Delete status page',
    cancel: '/status-pages',
    typed: existing.slug,
    state,
  }
  return page(c, <ConfirmPage {...props} />, status)
}

async function remove(c: C) {
  const values = await formOf(c)
  const { slug } = await read(c, getStatusPage, { id: idOf(c) })
  if (textOf(values, 'confirm') !== slug)
    return confirmDelete(
      c,
      { values, errors: [{ field: 'confirm', message: `Type ${slug} to delete the page.` }] },
      422,
    )
  await mutate(c, deleteStatusPage, { id: idOf(c) })
  return c.redirect('/status-pages', 303)
}

export function statusPages() {
  const app = new Hono<Edge>()
  app.get('/status-pages', list)
  app.get('/status-pages/new', (c) => form(c, null, { values: {}, errors: [] }))
  app.post('/status-pages', create)
  app.post('/status-pages/:id', update)
  app.get('/status-pages/:id/edit', async (c) => {
    const existing = await read(c, getStatusPage, { id: idOf(c) })
    return form(c, existing, { values: valuesOf(existing), errors: [] })
  })
  app.get('/status-pages/:id/delete', (c) => confirmDelete(c, { values: {}, errors: [] }))
  app.post('/status-pages/:id/delete', remove)
  return app
}
