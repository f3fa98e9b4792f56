import { env } from 'cloudflare:workers'
import { beforeEach, expect, test } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { database } from '../../workers/app/db/client.ts'
import { makeDrain, type OutboxMessage } from '../../workers/app/workspace/outbox.ts'
import { newWorkspaceId } from '../lib/candor.ts'
import { statement } from '../lib/database.ts'

const MINUTE_MS = 60_000
const NOW = Date.now()

const workspaceId = newWorkspaceId()
const ids = [newId('outbox'), newId('outbox')]

beforeEach(async () => {
  await env.DB.batch([
    statement('DELETE FROM outbox WHERE workspace_id = ?', workspaceId),
    ...ids.map((id) =>
      statement(`INSERT INTO outbox (workspace_id, id, effect) VALUES (?, ?, '{"type":"test"}')`, workspaceId, id),
    ),
  ])
})

/** A queue that takes messages and loses them; while it is `down` it takes none. */
function losingQueue() {
  const taken: string[][] = []
  const queue = { down: false, taken }
  const sendBatch = async (messages: Iterable<{ body: OutboxMessage }>) => {
    if (queue.down) throw new Error('The queue does not answer.')
    taken.push([...messages].map(({ body }) => body.id).toSorted())
  }
  const drain = makeDrain(database(env.DB), { OUTBOX: { sendBatch } as unknown as Queue<OutboxMessage> })
  return { queue, drain: (at: number) => drain(workspaceId, at) }
}

test('effects that the queue lost are handed over again after their lease, and not before', async () => {
  const { queue, drain } = losingQueue()
  expect(await drain(NOW)).toBe(NOW + 5 * MINUTE_MS)
  expect(await drain(NOW + 4 * MINUTE_MS)).toBe(NOW + 5 * MINUTE_MS)
  expect(queue.taken).toEqual([ids.toSorted()])
  expect(await drain(NOW + 5 * MINUTE_MS)).toBe(NOW + 10 * MINUTE_MS)
  expect(queue.taken).toEqual([ids.toSorted(), ids.toSorted()])
})

test('effects that a queue did not take have no lease: the next drain hands them over', async () => {
  const { queue, drain } = losingQueue()
  queue.down = true
  await expect(drain(NOW)).rejects.toThrow('does not answer')
  queue.down = false
  await drain(NOW + 1)
  expect(queue.taken).toEqual([ids.toSorted()])
})

test('a lease is in memory: after a restart its effects are handed over at once', async () => {
  const [before, after] = [losingQueue(), losingQueue()]
  await before.drain(NOW)
  await after.drain(NOW + 1)
  expect([before.queue.taken, after.queue.taken]).toEqual([[ids.toSorted()], [ids.toSorted()]])
})

test('an effect that has happened is not handed over again, and its lease is forgotten', async () => {
  const { queue, drain } = losingQueue()
  await drain(NOW)
  await statement('DELETE FROM outbox WHERE workspace_id = ?', workspaceId).run()
  expect(await drain(NOW + 5 * MINUTE_MS)).toBeNull()
  expect(queue.taken).toHaveLength(1)
})
