import { vi } from 'vitest'
import type { AuditLeaf } from '../../shared/contracts/audit.ts'
import { unwrap } from '../../shared/errors.ts'
import { newId } from '../../shared/ids.ts'
import type { MutationAnswer } from '../../workers/app/workspace/request.ts'
import { newMember } from './audit.ts'
import { ask, MONITOR, mutateAs, newApiKey, newPerson, type Person } from './candor.ts'
import { pastTheGates, statement } from './database.ts'
import { bySystem, CAUSE, made } from './world.ts'

const DAY_MS = 86_400_000

/** Filters as they are asked for: texts of a query. */
export type Asked = Partial<Record<'actor' | 'surface' | 'action' | 'entity' | 'outcome' | 'from' | 'to', string>>

export interface VariedLog {
  person: Person
  key: { token: string; id: string }
  /** Somebody who was a member, did something, and is none any more. */
  formerId: string
  /** Values that are worth asking for, by filter; some of them fit nothing. */
  pool: Required<{ [Name in keyof Asked]: string[] }>
}

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)

/** One day's work of all kinds of actors, with what was refused to them. */
async function aDayOf(person: Person, member: Person, token: string): Promise<string> {
  const monitorId = await made(person, 'monitor.create', MONITOR)
  const ofKey = await ask('POST', '/v1/monitors', {
    as: token,
    body: { ...MONITOR, active: true, intervalSeconds: 3600 },
  })
  await made(member, 'monitor.create', { ...MONITOR, name: 'Of a member' })
  unwrap(await mutateAs(person, 'monitor.update', { id: monitorId, name: 'Renamed' }, { surface: 'mcp' }))
  unwrap(await mutateAs(person, 'monitor.update', { id: monitorId, name: 'Again' }, { surface: 'dashboard' }))
  unwrap<MutationAnswer>(
    await bySystem(person, 'incident.open', { monitorId: ofKey.body.id, startedAt: Date.now(), cause: CAUSE }),
  )
  await mutateAs(person, 'monitor.pause', { id: monitorId })
  await mutateAs(person, 'monitor.create', { ...MONITOR, integrationIds: [newId('integration')] })
  await mutateAs(member, 'person.erase', { id: person.userId })
  return monitorId
}

/** A log of three days, with entries of every surface and of several outcomes. */
export async function variedLog(): Promise<VariedLog> {
  const noon = Math.floor(Date.now() / DAY_MS) * DAY_MS - 12 * 3_600_000
  vi.useFakeTimers({ toFake: ['Date'], now: noon - 2 * DAY_MS })
  try {
    const person = await newPerson()
    const member = await newMember(person)
    const key = await newApiKey(person, 'write')
    const monitors = []
    for (const day of [2, 1, 0]) {
      vi.setSystemTime(noon - day * DAY_MS)
      monitors.push(await aDayOf(person, member, key.token))
    }
    await pastTheGates([
      statement('DELETE FROM membership WHERE workspace_id = ? AND user_id = ?', person.workspaceId, member.userId),
    ])
    const [first = '', second = ''] = monitors
    const moment = (at: number) => new Date(at).toISOString()
    return {
      person,
      key,
      formerId: member.userId,
      pool: {
        actor: [person.userId, member.userId, key.id, 'monitoring', 'nobody'],
        surface: ['dashboard', 'api', 'mcp', 'slack', 'system'],
        action: ['monitor.create', 'monitor.update', 'incident.open', 'person.erase', 'monitor.fly'],
        entity: [first, second, person.workspaceId, newId('monitor')],
        outcome: ['ok', 'refused', 'conflict', 'invalid', 'forbidden', 'limit_reached'],
        from: [
          dayOf(noon - DAY_MS),
          moment(noon - DAY_MS),
          moment(noon - DAY_MS + 1),
          moment(noon),
          '2020-01-01',
          '2999-01-01',
        ],
        to: [
          dayOf(noon - DAY_MS),
          moment(noon - DAY_MS),
          moment(noon - DAY_MS + 1),
          moment(noon),
          '2020-01-01',
          '2999-01-01',
        ],
      },
    }
  } finally {
    vi.useRealTimers()
  }
}

/** The leaves of a log as they are stored, oldest first. */
export async function leavesOf(logId: string): Promise<{ text: string; leaf: AuditLeaf }[]> {
  const { results } = await statement('SELECT leaf FROM audit_body WHERE log_id = ? ORDER BY seq', logId).all<{
    leaf: string
  }>()
  return results.map(({ leaf }) => ({ text: leaf, leaf: JSON.parse(leaf) }))
}

const isDay = (text: string) => text.length === 'yyyy-mm-dd'.length

/** Whether an entry is one that was asked for, said once more and in other words than the product's. */
export function fits({ actor, surface, action, entity, outcome, from, to }: Asked, leaf: AuditLeaf): boolean {
  const byWhom = actor === undefined || leaf.actor.id === actor || leaf.user === actor
  const how = (surface ?? leaf.surface) === leaf.surface && (action ?? leaf.action) === leaf.action
  const of = (entity ?? leaf.entity.id) === leaf.entity.id
  const came = outcome === 'refused' ? leaf.outcome !== 'ok' : (outcome ?? leaf.outcome) === leaf.outcome
  const since = from === undefined || leaf.at >= Date.parse(from)
  const until = to === undefined || leaf.at < Date.parse(to) + (isDay(to) ? DAY_MS : 0)
  return byWhom && how && of && came && since && until
}

/** Every filter with every value, one at a time; and none. */
export const singleFilters = ({ pool }: VariedLog): Asked[] => [
  {},
  ...Object.entries(pool).flatMap(([name, values]) => values.map((value) => ({ [name]: value }) as Asked)),
]
