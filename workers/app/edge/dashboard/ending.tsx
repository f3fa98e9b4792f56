import { type Context, Hono } from 'hono'
import { GRACE_MS } from '../../../../shared/domain/grace.ts'
import type { FormState } from '../../pages/components/form.tsx'
import { ConfirmPage } from '../../pages/confirm.tsx'
import { WhatBecomesOfIt } from '../../pages/workspace-ending.tsx'
import { deleteWorkspace } from '../../services/workspace/delete.ts'
import { getWorkspace } from '../../services/workspace/get.ts'
import { keepWorkspace } from '../../services/workspace/keep.ts'
import { exportOwnWorkspace } from '../api/workspace-export.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { mutate, readPage } from '../run.ts'
import { formOf, refused, textOf } from './form.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

async function confirm(c: C, state: FormState, status = 200) {
  const { context } = await readPage(c, [{ query: getWorkspace, input: {} }])
  const props = {
    viewer: viewerOf(context, deleteWorkspace),
    current: '/settings' as const,
    title: `Delete ${context.workspaceName}?`,
    consequence: 'It stops at once, and is deleted for good in seven days. Until then you can take that back.',
    action: '/settings/delete',
    submit: 'Delete this workspace',
    cancel: '/settings',
    typed: context.workspaceName,
    state,
  }
  return page(
    c,
    <ConfirmPage {...props}>
      <WhatBecomesOfIt endsAt={context.now + GRACE_MS} />
    </ConfirmPage>,
    status,
  )
}

async function remove(c: C) {
  const values = await formOf(c)
  try {
    await mutate(c, deleteWorkspace, { name: textOf(values, 'confirm') })
    return c.redirect('/settings', 303)
  } catch (error) {
    const state = refused(error, values)
    // The page asks for the name in a field of its own.
    const errors = state.errors.map((one) => (one.field === 'name' ? { ...one, field: 'confirm' } : one))
    return confirm(c, { values, errors }, 422)
  }
}

/** The end of a workspace, and how it is taken back. */
export function ending() {
  const app = new Hono<Edge>()
  app.get('/settings/export', exportOwnWorkspace)
  app.get('/settings/delete', (c) => confirm(c, { values: {}, errors: [] }))
  app.post('/settings/delete', remove)
  app.post('/settings/keep', async (c) => {
    await formOf(c)
    await mutate(c, keepWorkspace, {})
    return c.redirect('/settings', 303)
  })
  return app
}
