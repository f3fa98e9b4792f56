import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AuditLeaf } from '../../shared/contracts/audit.ts'
import type { Plan } from '../../shared/contracts/common.ts'
import type { Result } from '../../shared/errors.ts'
import { LIMITS } from '../../workers/app/services/limits.ts'
import type { MutationAnswer } from '../../workers/app/workspace/request.ts'
import { exported, setPlan, verdictOf } from '../lib/audit.ts'
import { ask, MONITOR, mutateAs, newPerson, type Person } from '../lib/candor.ts'
import { noteCommits } from '../lib/commits.ts'
import { leavesOf } from '../lib/varied-log.ts'
import { made, newSlug } from '../lib/world.ts'

const change = async (person: Person, action: string, input: unknown): Promise<Result<MutationAnswer>> =>
  mutateAs(person, action, input)
const monitor = (fields: object = {}) => ({ ...MONITOR, intervalSeconds: 300, ...fields })
const config = { url: 'https://hooks.example/candor' }

/** What is there before anything is done at once. The last of the monitors and of the integrations is never deleted. */
async function furnished(plan: Plan) {
  const person = await newPerson()
  await setPlan(person, plan)
  const integrations = [
    await made(person, 'integration.create', { kind: 'webhook', name: 'One', config }),
    await made(person, 'integration.create', { kind: 'webhook', name: 'Two', config }),
  ]
  const monitors = []
  for (const active of [true, false, true, false])
    monitors.push(await made(person, 'monitor.create', monitor({ active, integrationIds: integrations.slice(1) })))
  const page = await made(person, 'status_page.create', {
    title: 'Shop',
    slug: newSlug(),
    monitorIds: monitors.slice(3),
  })
  return { person, monitors, integrations, page }
}
/** Entries of that. */
const FURNISHED = 8
type Furnished = Awaited<ReturnType<typeof furnished>>

const DEEDS = {
  'monitor.create': ({ integrations }: Furnished) => monitor({ integrationIds: integrations.slice(1) }),
  'monitor.update': ({ monitors }: Furnished, i: number) => ({ id: monitors[i % 4], name: `Name ${i}` }),
  'monitor.pause': ({ monitors }: Furnished, i: number) => ({ id: monitors[i % 4] }),
  'monitor.resume': ({ monitors }: Furnished, i: number) => ({ id: monitors[i % 4] }),
  'monitor.check': ({ monitors }: Furnished, i: number) => ({ id: monitors[i % 4] }),
  'monitor.delete': ({ monitors }: Furnished, i: number) => ({ id: monitors[i % 3] }),
  'integration.create': (_: Furnished, i: number) => ({ kind: 'webhook', name: `Hook ${i}`, config }),
  'integration.update': ({ integrations }: Furnished, i: number) => ({ id: integrations[i % 2], name: `Name ${i}` }),
  'integration.delete': ({ integrations }: Furnished) => ({ id: integrations[0] }),
  'status_page.create': (_: Furnished, i: number, slugs: string[]) => ({ title: `Page ${i}`, slug: slugs[i % 2] }),
  'status_page.update': ({ page }: Furnished, i: number, slugs: string[]) => ({ id: page, slug: slugs[i % 2] }),
  'api_key.create': (_: Furnished, i: number) => ({ name: `Key ${i}`, scope: 'read' }),
}
const deed = fc.record({
  action: fc.constantFrom(...(Object.keys(DEEDS) as (keyof typeof DEEDS)[])),
  i: fc.nat(1000),
})

/** Entries of what came about, by the thing they are about, oldest first. */
const chainsOf = (leaves: AuditLeaf[]) =>
  Map.groupBy(
    leaves.filter(({ outcome }) => outcome === 'ok'),
    ({ entity }) => entity.id,
  )

const PATHS: Record<string, string> = { monitor: 'monitors', integration: 'integrations', status_page: 'status-pages' }

async function expectChains(person: Person, leaves: AuditLeaf[]): Promise<void> {
  const keys = (await ask('GET', '/v1/api-keys?limit=100', { as: person })).body.data as { id: string }[]
  for (const [id, chain] of chainsOf(leaves)) {
    for (const [i, { seq, before, after }] of chain.entries()) {
      const former = chain[i - 1]?.after ?? null
      // A deletion says as well what loses the thing by it.
      expect([seq, before]).toEqual([seq, after === null && former ? expect.objectContaining(former) : former])
    }
    const { entity, after } = chain.at(-1) ?? expect.unreachable()
    const path = PATHS[entity.type]
    if (path) {
      const { status, body } = await ask('GET', `/v1/${path}/${id}`, { as: person })
      expect([id, status, after && body]).toEqual([id, after ? 200 : 404, after])
    }
    if (entity.type === 'api_key') expect(keys.find((key) => key.id === id)).toMatchObject(after ?? {})
  }
}

/** Never, after whichever entry, are there more things than the plan allows. */
function expectLimits(leaves: AuditLeaf[], plan: Plan): void {
  const { monitors, integrations, statusPages, apiKeys } = LIMITS[plan]
  const limits: Record<string, number> = {
    monitor: monitors,
    integration: integrations,
    status_page: statusPages,
    api_key: apiKeys,
  }
  const there: Record<string, number> = {}
  for (const { action, entity, outcome } of leaves) {
    if (outcome !== 'ok') continue
    const by = action.endsWith('.create') ? 1 : action.endsWith('.delete') ? -1 : 0
    const count = (there[entity.type] ?? 0) + by
    there[entity.type] = count
    expect(count).toBeLessThanOrEqual(limits[entity.type] ?? Number.POSITIVE_INFINITY)
  }
}

describe('changes at the same time', () => {
  test('leave a log in which each takes up where the one before it ended, and the end is what is there now', async () => {
    const commits = noteCommits()
    const runs = fc.record({
      plan: fc.constantFrom<Plan>('free', 'pro'),
      deeds: fc.array(deed, { minLength: 15, maxLength: 40 }),
      others: fc.array(fc.nat(1000), { maxLength: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(runs, async ({ plan, deeds, others }) => {
        const [room, neighbour] = [await furnished(plan), await newPerson('Grace Hopper')]
        const slugs = [newSlug(), newSlug()]
        const [answers] = await Promise.all([
          Promise.all(deeds.map(({ action, i }) => change(room.person, action, DEEDS[action](room, i, slugs)))),
          Promise.all(
            others.map((i) => change(neighbour, 'status_page.create', DEEDS['status_page.create'](room, i, slugs))),
          ),
        ])
        const codes = answers.flatMap((answer) => (answer.ok ? [] : [answer.code]))
        for (const code of codes) expect(['conflict', 'not_found', 'limit_reached']).toContain(code)

        const leaves = (await leavesOf(room.person.workspaceId)).map(({ leaf }) => leaf)
        expect(leaves.map(({ seq }) => seq)).toEqual(leaves.map((_, i) => i))
        const done = answers.flatMap((answer) => (answer.ok ? [answer.value.seq] : []))
        expect(new Set(done).size).toBe(done.length)
        // Nothing came about that nobody was told of.
        expect(leaves.filter(({ outcome }) => outcome === 'ok')).toHaveLength(FURNISHED + done.length)
        for (const [i, answer] of answers.entries())
          if (answer.ok)
            expect(leaves[answer.value.seq]).toMatchObject({
              action: deeds[i]?.action,
              outcome: 'ok',
              after: answer.value.after,
            })
        await expectChains(room.person, leaves)
        expectLimits(leaves, plan)
        await setPlan(room.person, 'pro')
        expect(await verdictOf(await exported(room.person))).toBe('sound')
      }),
      { numRuns: 15 },
    )
    // Not one by one: many of these batches held several changes.
    expect(commits.filter(({ entries }) => entries > 1).length).toBeGreaterThan(15)
    expect(Math.max(...commits.map(({ entries }) => entries))).toBeGreaterThan(3)
  })

  test('never pass a limit, however many ask for the last place', async () => {
    const person = await newPerson()
    await setPlan(person, 'free')
    const commits = noteCommits()
    const answers = await Promise.all(Array.from({ length: 20 }, () => change(person, 'monitor.create', monitor())))
    const codes = Map.groupBy(answers, (answer) => (answer.ok ? 'ok' : answer.code))
    const limit = LIMITS.free.monitors
    expect([codes.get('ok')?.length, codes.get('limit_reached')?.length]).toEqual([limit, 20 - limit])
    expect(Math.max(...commits.map(({ entries }) => entries))).toBeGreaterThan(LIMITS.free.monitors)
    expect((await ask('GET', '/v1/monitors', { as: person })).body.data).toHaveLength(LIMITS.free.monitors)
  })

  test('are all made but one, when the database refuses that one', async () => {
    const [person, neighbour] = [await newPerson(), await newPerson('Grace Hopper')]
    const slug = newSlug()
    await made(neighbour, 'status_page.create', { title: 'First', slug })
    const commits = noteCommits()
    const names = Array.from({ length: 10 }, (_, i) => `Monitor ${i}`)
    const create = (name: string) => change(person, 'monitor.create', monitor({ name }))
    const [first, poisoned, ...rest] = await Promise.all([
      create('Before'),
      change(person, 'status_page.create', { title: 'Second', slug }),
      ...names.map(create),
    ])
    expect(poisoned).toMatchObject({ ok: false, code: 'conflict', fields: [{ field: 'slug' }] })
    expect([first, ...rest].map((answer) => answer?.ok)).toEqual([true, ...names.map(() => true)])
    const refusedTogether = commits.filter(({ entries, rowsWritten }) => entries > 1 && rowsWritten === null)
    expect(refusedTogether).toHaveLength(1)

    const leaves = (await leavesOf(person.workspaceId)).map(({ leaf }) => leaf)
    expect(leaves.map(({ seq }) => seq)).toEqual(leaves.map((_, i) => i))
    expect(leaves.filter(({ outcome }) => outcome !== 'ok').map(({ action, outcome }) => [action, outcome])).toEqual([
      ['status_page.create', 'conflict'],
    ])
    expect(await verdictOf(await exported(person))).toBe('sound')
  })
})

test('a change of somebody who has changed something before writes four rows: what an ordinary audit table would', async () => {
  const person = await newPerson()
  const id = await made(person, 'integration.create', { kind: 'webhook', name: 'One', config })
  const commits = noteCommits()
  for (const name of ['Two', 'Three', 'Four']) await made(person, 'integration.update', { id, name })
  expect(commits).toEqual(Array.from({ length: 3 }, () => ({ entries: 1, rowsWritten: 4 })))
})
