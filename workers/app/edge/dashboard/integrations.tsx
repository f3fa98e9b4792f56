import { type Context, Hono } from 'hono'
import type { IntegrationView } from '../../../../shared/contracts/integration.ts'
import type { FormState, Values } from '../../pages/components/form.tsx'
import { pathWith } from '../../pages/components/link.tsx'
import { ConfirmPage } from '../../pages/confirm.tsx'
import { IntegrationFormPage } from '../../pages/integration-form.tsx'
import { IntegrationTestPage } from '../../pages/integration-test.tsx'
import { IntegrationsPage } from '../../pages/integrations.tsx'
import { ShownOncePage } from '../../pages/shown-once.tsx'
import { listLastDeliveries } from '../../services/delivery/list.ts'
import { createIntegration } from '../../services/integration/create.ts'
import { deleteIntegration } from '../../services/integration/delete.ts'
import { getIntegration } from '../../services/integration/get.ts'
import { listIntegrations } from '../../services/integration/list.ts'
import { testIntegration } from '../../services/integration/test.ts'
import { updateIntegration } from '../../services/integration/update.ts'
import { roomFor } from '../../services/limits.ts'
import { getWorkspace } from '../../services/workspace/get.ts'
import { workspaceUsage } from '../../services/workspace/usage.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { mutate, read, readPage } from '../run.ts'
import { streamed } from '../streamed.tsx'
import { messageOf, sinceOf, triesOf } from './coming.tsx'
import { formOf, refused, textOf } from './form.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

const idOf = (c: C) => c.req.param('id') ?? ''

/** Fields that were filled in; an empty one is left to what is sealed, or to its default. */
const configOf = (values: Values) =>
  Object.fromEntries(
    ['url', 'secret'].map((field) => [field, textOf(values, `config.${field}`)]).filter(([, value]) => value !== ''),
  )

async function list(c: C) {
  const { context, answers } = await readPage(c, [
    { query: listIntegrations, input: { limit: 100 } },
    { query: workspaceUsage, input: {} },
    { query: listLastDeliveries, input: {} },
  ])
  const room = roomFor(context.plan, 'integrations', answers[1].usage.integrations)
  const last = new Map(answers[2].map((delivery) => [delivery.integrationId, delivery]))
  const props = { viewer: viewerOf(context), integrations: answers[0].data, last, room }
  return page(c, <IntegrationsPage {...props} />)
}

async function form(c: C, integration: IntegrationView | null, state: FormState, status = 200) {
  const { context, answers } = await readPage(c, [{ query: workspaceUsage, input: {} }])
  const room = integration ? null : roomFor(context.plan, 'integrations', answers[0].usage.integrations)
  const props = {
    viewer: viewerOf(context, integration ? updateIntegration : createIntegration),
    state,
    integration,
    room,
  }
  return page(c, <IntegrationFormPage {...props} />, status)
}

async function create(c: C) {
  const values = await formOf(c)
  try {
    const input = { kind: 'webhook', name: textOf(values, 'name'), config: configOf(values) }
    const { reveal } = await mutate(c, createIntegration, input)
    if (reveal.signingSecret === undefined) return c.redirect('/integrations', 303)
    const { context } = await readPage(c, [{ query: getWorkspace, input: {} }])
    const props = {
      viewer: viewerOf(context),
      current: '/integrations' as const,
      title: 'Your signing secret',
      what: 'the secret that signs every message',
      secret: reveal.signingSecret,
    }
    return page(c, <ShownOncePage {...props} />, 201)
  } catch (error) {
    return form(c, null, refused(error, values), 422)
  }
}

async function update(c: C) {
  const values = await formOf(c)
  const config = configOf(values)
  try {
    const input = { id: idOf(c), name: textOf(values, 'name'), ...(Object.keys(config).length > 0 && { config }) }
    await mutate(c, updateIntegration, input)
    return c.redirect('/integrations', 303)
  } catch (error) {
    const state = refused(error, values)
    return form(c, await read(c, getIntegration, { id: idOf(c) }), state, 422)
  }
}

/** One test message, as its tries are made. */
async function showTest(c: C) {
  const { context, answers } = await readPage(c, [{ query: getIntegration, input: { id: idOf(c) } }])
  const message = messageOf(c)
  const props = { viewer: viewerOf(context), integration: answers[0], sent: message !== null }
  const content = <IntegrationTestPage {...props} />
  return message === null ? page(c, content) : streamed(c, content, triesOf(c, message, sinceOf(c)))
}

async function confirmDelete(c: C) {
  const { context, answers } = await readPage(c, [{ query: getIntegration, input: { id: idOf(c) } }])
  const [integration] = answers
  const props = {
    viewer: viewerOf(context, deleteIntegration),
    current: '/integrations' as const,
    title: `Remove ${integration.name}?`,
    consequence: 'It hears of no incident any more, and what was sealed for it is deleted.',
    action: `/integrations/${integration.id}/delete`,
    submit: 'Remove integration',
    cancel: '/integrations',
    state: { values: {}, errors: [] },
  }
  return page(c, <ConfirmPage {...props} />)
}

export function integrations() {
  const app = new Hono<Edge>()
  app.get('/integrations', list)
  app.get('/integrations/new', (c) => form(c, null, { values: {}, errors: [] }))
  app.post('/integrations', create)
  app.post('/integrations/:id', update)
  app.get('/integrations/:id/edit', async (c) => {
    const integration = await read(c, getIntegration, { id: idOf(c) })
    return form(c, integration, { values: { name: integration.name }, errors: [] })
  })
  app.post('/integrations/:id/test', async (c) => {
    const since = String(Date.now())
    const { effects } = await mutate(c, testIntegration, { id: idOf(c) })
    return c.redirect(pathWith(`/integrations/${idOf(c)}/test`, { message: effects[0], since }), 303)
  })
  app.get('/integrations/:id/test', showTest)
  app.get('/integrations/:id/delete', confirmDelete)
  app.post('/integrations/:id/delete', async (c) => {
    await mutate(c, deleteIntegration, { id: idOf(c) })
    return c.redirect('/integrations', 303)
  })
  return app
}
