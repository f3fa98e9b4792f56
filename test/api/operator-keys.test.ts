import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { SCHEDULERS_A_PAGE } from '../../shared/contracts/operator.ts'
import { newId } from '../../shared/ids.ts'
import { MONITOR, newPerson } from '../lib/candor.ts'
import { keyStatus } from '../lib/operator.ts'
import { made, settled } from '../lib/world.ts'

/** The environment, and how many schedulers were asked through it. */
function counting() {
  let asked = 0
  const get = (id: DurableObjectId) => {
    asked++
    return env.MONITORING.get(id)
  }
  const MONITORING = { idFromName: (name: string) => env.MONITORING.idFromName(name), get }
  return { env: { ...env, MONITORING: MONITORING as unknown as typeof env.MONITORING }, asked: () => asked }
}

test('the schedulers that keep secrets are asked page by page, each of them once', async () => {
  const workspaces: string[] = []
  for (let i = 0; i < 5; i++) {
    const person = await newPerson()
    workspaces.push(person.workspaceId)
    await made(person, 'monitor.create', { ...MONITOR, active: true, intervalSeconds: 3600, body: 'ping' })
  }
  await settled()
  const pages: number[] = []
  let copies = 0
  let cursor: string | undefined
  do {
    const { env: counted, asked } = counting()
    const { status, body } = await keyStatus({ limit: 2, ...(cursor && { cursor }) }, { env: counted })
    expect(status).toBe(200)
    pages.push(asked())
    for (const key of body.keys) copies += key.copies
    cursor = body.next ?? undefined
    if (cursor) expect(workspaces).toContain(cursor)
  } while (cursor)
  expect([pages, copies]).toEqual([[2, 2, 1], 5])
  const whole = (await keyStatus()).body
  expect([whole.next, whole.keys.reduce((sum: number, key: { copies: number }) => sum + key.copies, 0)]).toEqual([
    null,
    5,
  ])
})

test('a request asks no more of them than the platform allows it', async () => {
  expect(SCHEDULERS_A_PAGE).toBeLessThanOrEqual(500)
  for (const [body, field] of [
    [{ limit: SCHEDULERS_A_PAGE + 1 }, 'limit'],
    [{ limit: 0 }, 'limit'],
    [{ cursor: 'x' }, 'cursor'],
    [{ cursor: newId('monitor') }, 'cursor'],
    [{ page: 2 }, 'page'],
  ] as const) {
    const answer = await keyStatus(body)
    expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([422, field])
  }
})
