import { type Context, Hono } from 'hono'
import type { ApiKeyView } from '../../../../shared/contracts/api-key.ts'
import { canMail, configOf } from '../../bindings.ts'
import { ApiKeyFormPage } from '../../pages/api-key-form.tsx'
import { ApiKeyRollPage } from '../../pages/api-key-roll.tsx'
import { ApiKeysPage } from '../../pages/api-keys.tsx'
import type { FormState, Values } from '../../pages/components/form.tsx'
import { ConfirmPage } from '../../pages/confirm.tsx'
import { ShownOncePage } from '../../pages/shown-once.tsx'
import { createApiKey } from '../../services/api-key/create.ts'
import { getApiKey } from '../../services/api-key/get.ts'
import { listApiKeys } from '../../services/api-key/list.ts'
import { revokeApiKey } from '../../services/api-key/revoke.ts'
import { rollApiKey } from '../../services/api-key/roll.ts'
import { updateApiKey } from '../../services/api-key/update.ts'
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

async function form(c: C, apiKey: ApiKeyView | null, state: FormState, status = 200) {
  const { context, answers } = await readPage(c, [{ query: workspaceUsage, input: {} }])
  const room = apiKey ? null : roomFor(context.plan, 'apiKeys', answers[0].usage.apiKeys)
  const viewer = viewerOf(context, apiKey ? updateApiKey : createApiKey)
  const props = { viewer, state, apiKey, room, knowsAddresses: configOf(c.env).production }
  return page(c, <ApiKeyFormPage {...props} />, status)
}

/** A key, the only time it can be seen. */
async function showOnce(c: C, title: string, token = '') {
  const { context } = await readPage(c, [{ query: getWorkspace, input: {} }])
  const props = {
    viewer: viewerOf(context),
    current: '/api-keys' as const,
    title,
    what: 'the key',
    secret: token,
    example: `curl -H 'Authorization: Bearer ${token}' ${configOf(c.env).publicUrl}/v1/monitors`,
  }
  return page(c, <ShownOncePage {...props} />, 201)
}

/** One network a line, or several between commas. */
const networksOf = (values: Values) =>
  textOf(values, 'allowedNetworks')
    .split(/[\s,]+/)
    .filter((network) => network !== '')

async function create(c: C) {
  const values = await formOf(c)
  const expiresInDays = textOf(values, 'expiresInDays') === 'never' ? null : numberOf(values, 'expiresInDays')
  const what = { name: textOf(values, 'name'), scope: textOf(values, 'scope'), expiresInDays }
  try {
    const { reveal } = await mutate(c, createApiKey, { ...what, allowedNetworks: networksOf(values) })
    return await showOnce(c, 'Your new API key', reveal.token)
  } catch (error) {
    return form(c, null, refused(error, values), 422)
  }
}

async function edit(c: C) {
  const apiKey = await read(c, getApiKey, { id: idOf(c) })
  return form(c, apiKey, {
    values: { name: apiKey.name, allowedNetworks: apiKey.allowedNetworks.join('\n') },
    errors: [],
  })
}

async function update(c: C) {
  const values = await formOf(c)
  try {
    const changes = { name: textOf(values, 'name'), allowedNetworks: networksOf(values) }
    await mutate(c, updateApiKey, { id: idOf(c), ...changes })
    return c.redirect('/api-keys', 303)
  } catch (error) {
    const state = refused(error, values)
    return form(c, await read(c, getApiKey, { id: idOf(c) }), state, 422)
  }
}

async function rollForm(c: C, state: FormState, status = 200) {
  const { context, answers } = await readPage(c, [{ query: getApiKey, input: { id: idOf(c) } }])
  return page(c, <ApiKeyRollPage viewer={viewerOf(context, rollApiKey)} apiKey={answers[0]} state={state} />, status)
}

async function roll(c: C) {
  const values = await formOf(c)
  try {
    const { reveal } = await mutate(c, rollApiKey, { id: idOf(c), overlapHours: numberOf(values, 'overlapHours') })
    return await showOnce(c, 'Your new API key, in the place of the old one', reveal.token)
  } catch (error) {
    return rollForm(c, refused(error, values), 422)
  }
}

async function confirmRevoke(c: C, state: FormState, status = 200) {
  const { context, answers } = await readPage(c, [{ query: getApiKey, input: { id: idOf(c) } }])
  const [key] = answers
  const props = {
    viewer: viewerOf(context, revokeApiKey),
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
  app.get('/api-keys/new', (c) => form(c, null, { values: { scope: 'read', expiresInDays: '90' }, errors: [] }))
  app.post('/api-keys', create)
  app.post('/api-keys/:id', update)
  app.get('/api-keys/:id/edit', edit)
  app.get('/api-keys/:id/roll', (c) => rollForm(c, { values: { overlapHours: '24' }, errors: [] }))
  app.post('/api-keys/:id/roll', roll)
  app.get('/api-keys/:id/revoke', (c) => confirmRevoke(c, { values: {}, errors: [] }))
  app.post('/api-keys/:id/revoke', revoke)
  return app
}
