import { type Context, Hono } from 'hono'
import { canMail, configOf } from '../../bindings.ts'
import { ApiKeyFormPage } from '../../pages/api-key-form.tsx'
import { ApiKeysPage } from '../../pages/api-keys.tsx'
import type { FormState } from '../../pages/components/form.tsx'
import { ConfirmPage } from '../../pages/confirm.tsx'
import { ShownOncePage } from '../../pages/shown-once.tsx'
import { createApiKey } from '../../services/api-key/create.ts'
import { getApiKey } from '../../services/api-key/get.ts'
import { listApiKeys } from '../../services/api-key/list.ts'
import { revokeApiKey } from '../../services/api-key/revoke.ts'
import { roomFor } from '../../services/limits.ts'
import { getWorkspace } from '../../services/workspace/get.ts'
import { workspaceUsage } from '../../services/workspace/usage.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { mutate, read, readPage } from '../run.ts'
import { formOf, numberOf, refused, textOf } from './form.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

const idOf = (c: C) => c.req.param('id') ?? ''

async function list(c: C) {
  const { context, answers } = await readPage(c, [
    { query: listApiKeys, input: { limit: 100 } },
    { query: workspaceUsage, input: {} },
  ])
  const props = {
    viewer: viewerOf(context),
    keys: answers[0].data,
    room: roomFor(context.plan, 'apiKeys', answers[1].usage.apiKeys),
    now: Date.now(),
    reminds: canMail(configOf(c.env)),
  }
  return page(c, <ApiKeysPage {...props} />)
}

async function form(c: C, state: FormState, status = 200) {
  const { context, answers } = await readPage(c, [{ query: workspaceUsage, input: {} }])
  const room = roomFor(context.plan, 'apiKeys', answers[0].usage.apiKeys)
  return page(c, <ApiKeyFormPage viewer={viewerOf(context)} state={state} room={room} />, status)
}

async function create(c: C) {
  const values = await formOf(c)
  const expiresInDays = textOf(values, 'expiresInDays') === 'never' ? null : numberOf(values, 'expiresInDays')
  try {
    const input = { name: textOf(values, 'name'), scope: textOf(values, 'scope'), expiresInDays }
    const { reveal } = await mutate(c, createApiKey, input)
    const { context } = await readPage(c, [{ query: getWorkspace, input: {} }])
    const token = reveal.token ?? ''
    const props = {
      viewer: viewerOf(context),
      current: '/api-keys' as const,
      title: 'Your new API key',
      what: 'the key',
      secret: token,
      example: `curl -H 'Authorization: Bearer ${token}' ${configOf(c.env).publicUrl}/v1/monitors`,
    }
    return page(c, <ShownOncePage {...props} />, 201)
  } catch (error) {
    return form(c, refused(error, values), 422)
  }
}

async function confirmRevoke(c: C, state: FormState, status = 200) {
  const { context, answers } = await readPage(c, [{ query: getApiKey, input: { id: idOf(c) } }])
  const [key] = answers
  const props = {
    viewer: viewerOf(context),
    current: '/api-keys' as const,
    title: `Revoke ${key.name}?`,
    consequence: 'Whatever uses the key is refused from the next request on. This cannot be taken back.',
    action: `/api-keys/${key.id}/revoke`,
    submit: 'Revoke key',
    cancel: '/api-keys',
    typed: key.name,
    state,
  }
  return page(c, <ConfirmPage {...props} />, status)
}

async function revoke(c: C) {
  const values = await formOf(c)
  const { name } = await read(c, getApiKey, { id: idOf(c) })
  if (textOf(values, 'confirm') !== name)
    return confirmRevoke(c, { values, errors: [{ field: 'confirm', message: `Type ${name} to revoke the key.` }] }, 422)
  await mutate(c, revokeApiKey, { id: idOf(c) })
  return c.redirect('/api-keys', 303)
}

export function apiKeys() {
  const app = new Hono<Edge>()
  app.get('/api-keys', list)
  app.get('/api-keys/new', (c) => form(c, { values: { scope: 'read', expiresInDays: '90' }, errors: [] }))
  app.post('/api-keys', create)
  app.get('/api-keys/:id/revoke', (c) => confirmRevoke(c, { values: {}, errors: [] }))
  app.post('/api-keys/:id/revoke', revoke)
  return app
}
