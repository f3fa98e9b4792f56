import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import { ID_PREFIXES, type Noun, newId } from '../../shared/ids.ts'
import { database } from '../../workers/app/db/client.ts'
import { noteDelivery } from '../../workers/app/services/delivery/rows.ts'
import type { Answer } from './candor.ts'
import { dump } from './database.ts'
import { made, newWorld, settled } from './world.ts'

export type World = Awaited<ReturnType<typeof newWorld>>

const nounOf = new Map<string, Noun>((Object.keys(ID_PREFIXES) as Noun[]).map((noun) => [ID_PREFIXES[noun], noun]))

/** Every row that belongs to Ada or to her workspace. */
export const rowsOfWorld = async ({ person }: World): Promise<string> =>
  (await dump())
    .split('\n')
    .filter((line) => line.includes(person.workspaceId) || line.includes(person.userId))
    .join('\n')

/** A workspace that has everything and in which nothing happens by itself any more. */
export async function quietWorld(name: string): Promise<World> {
  const world = await newWorld(name)
  const { person, monitorId, integrationId, incidentId } = world
  await made(person, 'monitor.pause', { id: world.downId })
  await settled()
  await noteDelivery(database(env.DB), person.workspaceId, {
    id: newId('outbox'),
    integrationId,
    event: 'incident.opened',
    monitorId,
    incidentId,
    status: 'delivered',
    attempts: 1,
    message: 'Delivered: the receiver answered 204.',
    createdAt: Date.now(),
    deliveredAt: Date.now(),
  })
  return world
}

/** Every id that stands anywhere in these rows; of requests one, because there are many and nothing is asked by them. */
export function idsIn(rows: string): [noun: Noun, id: string][] {
  const ids = new Map<string, [Noun, string]>()
  for (const [id, prefix = ''] of rows.matchAll(/\b([a-z]{2,4})_[0-9A-Za-z]{11}\b/g)) {
    const noun = nounOf.get(prefix)
    if (noun) ids.set(noun === 'request' ? noun : id, [noun, id])
  }
  return [...ids.values()]
}

export const mask = (text: string, id: string) =>
  text.replaceAll(id, '<id>').replaceAll(/req_[0-9A-Za-z]{11}/g, '<request>')

/** Asks with an id of Ada's and with one that never was, and holds the answers to be the same bytes. */
export async function expectNoDifference(
  noun: Noun,
  id: string,
  request: (id: string) => Promise<Answer>,
): Promise<Answer> {
  const never = newId(noun)
  const [real, none] = [await request(id), await request(never)]
  expect(real.status).toBe(none.status)
  expect(mask(real.text, id)).toBe(mask(none.text, never))
  const headers = (answer: Answer, own: string) => mask(JSON.stringify([...answer.headers]), own)
  expect(headers(real, id)).toBe(headers(none, never))
  return real
}
