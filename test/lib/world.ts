import { env } from 'cloudflare:workers'
import { vi } from 'vitest'
import { unwrap } from '../../shared/errors.ts'
import { newId } from '../../shared/ids.ts'
import type { MutationAnswer, MutationRequest } from '../../workers/app/workspace/request.ts'
import { MONITOR, mutateAs, newPerson, type Person } from './candor.ts'

/** A change by a person, that has to succeed. Answers the id of what it is about. */
export const made = async (person: Person, action: string, input: unknown): Promise<string> =>
  unwrap<MutationAnswer>(await mutateAs(person, action, input)).entityId

/** A change by Candor itself. */
export const bySystem = (person: Person, action: string, input: unknown, rest: Partial<MutationRequest> = {}) =>
  mutateAs(person, action, input, {
    credential: { type: 'system', workspaceId: person.workspaceId, name: 'monitoring' },
    surface: 'system',
    ...rest,
  })

export const CAUSE = { errorClass: 'connect', status: 0, message: 'The connection was refused.', region: 'local' }
export const newSlug = () => newId('statusPage').toLowerCase().replace('_', '-')

async function identityIdOf(userId: string): Promise<string> {
  const id = await env.DB.prepare('SELECT id FROM identity WHERE user_id = ?').bind(userId).first<string>('id')
  if (id === null) throw new Error('There is no identity.')
  return id
}

/** A workspace in which everything that can be made has been made, by its verbs. */
export async function newWorld(name?: string) {
  const person = await newPerson(name)
  const config = { url: 'https://hooks.example/candor' }
  const integrationId = await made(person, 'integration.create', { kind: 'webhook', name: 'On call', config })
  const monitorId = await made(person, 'monitor.create', { ...MONITOR, integrationIds: [integrationId] })
  const downId = await made(person, 'monitor.create', { ...MONITOR, active: true, intervalSeconds: 3600 })
  const outage = { monitorId: downId, startedAt: Date.now(), cause: CAUSE }
  const { entityId: incidentId } = unwrap<MutationAnswer>(await bySystem(person, 'incident.open', outage))
  const slug = newSlug()
  const page = { title: 'Shop', slug, monitorIds: [monitorId, downId] }
  const statusPageId = await made(person, 'status_page.create', page)
  // A page that no other row leans on: nothing but its own gate would keep it.
  await made(person, 'status_page.create', { title: 'Empty', slug: newSlug() })
  const invitationId = await made(person, 'invitation.create', { email: `${newId('user').toLowerCase()}@guest.test` })
  const apiKeyId = await made(person, 'api_key.create', { name: 'ci', scope: 'write' })
  const { userId, workspaceId } = person
  const identityId = await identityIdOf(userId)
  const ids = {
    integrationId,
    monitorId,
    downId,
    incidentId,
    statusPageId,
    apiKeyId,
    invitationId,
    identityId,
    userId,
    workspaceId,
  }
  return { person, slug, ...ids }
}

/** Waits until every effect has left the outbox, so that nothing changes by itself any more. */
export const settled = () =>
  vi.waitFor(
    async () => {
      const { results } = await env.DB.prepare('SELECT id, workspace_id, effect, attempts, due_at FROM outbox').all()
      if (results.length > 0) throw new Error(`${results.length} effects are waiting: ${JSON.stringify(results)}`)
    },
    { timeout: 30_000, interval: 5 },
  )
