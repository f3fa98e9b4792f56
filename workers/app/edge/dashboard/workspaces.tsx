import { type Context, Hono } from 'hono'
import { ById } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import { asWorkspaceId, newId } from '../../../../shared/ids.ts'
import { database } from '../../db/client.ts'
import type { FormState } from '../../pages/components/form.tsx'
import { WorkspaceFormPage } from '../../pages/workspace-form.tsx'
import { WorkspacesPage } from '../../pages/workspaces.tsx'
import { invitationsOfSession, workspacesOfSession } from '../../services/account/rows.ts'
import { parseInput } from '../../services/input.ts'
import { createWorkspace } from '../../services/workspace/create.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { mutateAs } from '../run.ts'
import { formOf, refused, textOf } from './form.ts'
import { personOf, sessionOf, switchTo } from './session.ts'

type C = Context<Edge>

/** For whoever is signed in, a member of the workspace that their session is in or not. */
async function list(c: C) {
  const { hash, workspaceId } = sessionOf(c)
  const { name } = await personOf(c)
  const db = database(c.env.DB)
  const [workspaces, invitations] = await db.batch([
    workspacesOfSession(db, hash),
    invitationsOfSession(db, hash, Date.now()),
  ])
  return page(
    c,
    <WorkspacesPage personName={name} workspaces={workspaces} current={workspaceId} invitations={invitations} />,
  )
}

async function form(c: C, state: FormState, status = 200) {
  await personOf(c)
  return page(c, <WorkspaceFormPage state={state} />, status)
}

async function create(c: C) {
  const { hash } = sessionOf(c)
  const values = await formOf(c)
  const workspaceId = asWorkspaceId(newId('workspace'))
  if (!workspaceId) throw new AppError('internal', 'A new id has a wrong form.')
  try {
    const slug = textOf(values, 'slug')
    const input = { name: textOf(values, 'name'), ...(slug !== '' && { slug }) }
    await mutateAs(c, { type: 'founder', workspaceId, hash }, createWorkspace, input)
  } catch (error) {
    return form(c, refused(error, values), 422)
  }
  const { userId } = await personOf(c)
  await switchTo(c, userId, workspaceId)
  return c.redirect('/monitors', 303)
}

async function change(c: C) {
  sessionOf(c)
  const { id } = parseInput({ input: ById('workspace') }, { id: c.req.param('id') })
  const workspaceId = asWorkspaceId(id)
  const { userId } = await personOf(c)
  if (!workspaceId) throw new AppError('not_found', 'There is no such workspace that you belong to.')
  await switchTo(c, userId, workspaceId)
  return c.redirect('/monitors', 303)
}

/** Several workspaces, one person. */
export function workspaces() {
  const app = new Hono<Edge>()
  app.get('/workspaces', list)
  app.get('/workspaces/new', (c) => form(c, { values: {}, errors: [] }))
  app.post('/workspaces', create)
  app.post('/workspaces/:id/switch', change)
  return app
}
