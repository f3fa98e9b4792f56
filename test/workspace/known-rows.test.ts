import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { database } from '../../workers/app/db/client.ts'
import { MUTATIONS } from '../../workers/app/services/mutations.ts'
import { newMember } from '../lib/audit.ts'
import { MONITOR, mutateAs, newPerson, type Person } from '../lib/candor.ts'
import { isCommit } from '../lib/faults.ts'
import { soundLog } from '../lib/log.ts'
import { bySystem, CAUSE, made, newSlug } from '../lib/world.ts'

type Input = Record<string, unknown>
type Step = [action: string, input: Input]

/** Two of each thing, some of which are deleted on the way. */
async function newThings(owner: Person) {
  const integration = () =>
    made(owner, 'integration.create', { kind: 'webhook', name: 'A', config: { url: 'https://a.example/' } })
  const integrations = [await integration(), await integration()]
  const monitor = () => made(owner, 'monitor.create', { ...MONITOR, active: true, intervalSeconds: 3600 })
  const monitors = [await monitor(), await monitor()]
  const page = () => made(owner, 'status_page.create', { title: 'A', slug: newSlug(), monitorIds: monitors })
  const key = () => made(owner, 'api_key.create', { name: 'A', scope: 'write' })
  return { integrations, monitors, pages: [await page(), await page()], keys: [await key(), await key()] }
}
type Things = Awaited<ReturnType<typeof newThings>>

/** What may be done to one of the things; the letter becomes part of a name, so that each change is one. */
const STEPS: ((things: Things, which: 0 | 1, letter: string) => Step)[] = [
  (t, i, name) => ['integration.update', { id: t.integrations[i], name }],
  (t, i, name) => ['integration.update', { id: t.integrations[i], config: { url: `https://${name}.example/` } }],
  (_, _i, name) => ['integration.create', { kind: 'webhook', name, config: { url: 'https://a.example/' } }],
  (t, i, name) => ['monitor.update', { id: t.monitors[i], name }],
  (t, i) => ['monitor.update', { id: t.monitors[i], integrationIds: t.integrations.slice(i) }],
  (t, i) => ['monitor.update', { id: t.monitors[i], integrationIds: [] }],
  (t, i, name) => ['monitor.update', { id: t.monitors[i], active: name < 'n' }],
  (t, i) => ['monitor.pause', { id: t.monitors[i] }],
  (t, i) => ['monitor.resume', { id: t.monitors[i] }],
  (_, _i, name) => ['monitor.create', { ...MONITOR, name }],
  (t, i) => ['monitor.create', { ...MONITOR, integrationIds: [t.integrations[i]] }],
  (t, i, title) => ['status_page.update', { id: t.pages[i], title }],
  (t, i) => ['status_page.update', { id: t.pages[i], monitorIds: t.monitors.slice(i).toReversed() }],
  (_, _i, title) => ['status_page.create', { title, slug: newSlug() }],
  (t, i, name) => ['api_key.update', { id: t.keys[i], name }],
  (_, _i, name) => ['api_key.create', { name, scope: 'read' }],
  (t, i) => ['api_key.roll', { id: t.keys[i], overlapHours: 24 }],
  (t, i) => ['incident.open', { monitorId: t.monitors[i], startedAt: Date.now(), cause: CAUSE }],
  (t, i) => ['incident.resolve', { monitorId: t.monitors[i], startedAt: 0, resolvedAt: Date.now() + 1 }],
  () => ['workspace.rename', { name: 'Other' }],
]
/** Rare ones, after which much is gone. */
const ENDS: typeof STEPS = [
  (t, i) => ['integration.delete', { id: t.integrations[i] }],
  (t, i) => ['monitor.delete', { id: t.monitors[i] }],
  (t, i) => ['api_key.revoke', { id: t.keys[i] }],
]

/** Some few of them again and again, and now and then another one. */
const SEQUENCE = fc.shuffledSubarray(STEPS, { minLength: 3, maxLength: 4 }).chain((few) =>
  fc.array(
    fc.record({
      step: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(...few) },
        { weight: 2, arbitrary: fc.constantFrom(...STEPS) },
        { weight: 1, arbitrary: fc.constantFrom(...ENDS) },
      ),
      who: fc.constantFrom(0 as const, 0 as const, 1 as const),
      which: fc.constantFrom(0 as const, 0 as const, 1 as const),
      letter: fc.constantFrom(...'abyz'),
    }),
    { minLength: 30, maxLength: 40 },
  ),
)
type Sequence = typeof SEQUENCE extends fc.Arbitrary<infer T> ? T : never

/** What the database answers to what a change asks. */
async function answersTo(person: Person, [action, input]: Step): Promise<Record<string, unknown>> {
  const verb = MUTATIONS.find((one) => one.action === action) ?? expect.unreachable()
  const db = database(env.DB)
  const load = verb.load(db, { workspaceId: person.workspaceId, now: Date.now() } as never, verb.input.parse(input))
  const [first, ...rest] = Object.values(load)
  const answers = first ? await db.batch([first, ...rest]) : []
  return Object.fromEntries(Object.keys(load).map((name, i) => [name, answers[i]]))
}

test('whatever was changed before, a change is decided on what the database would answer', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const prototype = Object.getPrototypeOf(env.DB) as D1Database
  const batches = vi.spyOn(prototype, 'batch')
  let ahead = 0
  const property = async (steps: Sequence) => {
    const owner = await newPerson()
    const people = [owner, await newMember(owner, 'admin')]
    const things = await newThings(owner)
    for (const { step, who, which, letter } of steps) {
      const made = step(things, which, letter)
      const [action, input] = made
      const verb = MUTATIONS.find((one) => one.action === action) ?? expect.unreachable()
      const answers = await answersTo(owner, made)
      const decided = vi.spyOn(verb, 'run')
      batches.mockClear()
      const as = people[who] ?? owner
      const answer = await (action.startsWith('incident.')
        ? bySystem(owner, action, input)
        : mutateAs(as, action, input))
      if (answer.ok && isCommit(batches.mock.calls[0]?.[0] ?? [])) ahead++
      for (const [, , , rows] of decided.mock.calls) expect([action, rows]).toEqual([action, answers])
      decided.mockRestore()
    }
    await soundLog(owner.workspaceId)
  }
  await fc.assert(fc.asyncProperty(SEQUENCE, property), { numRuns: 6 })
  // Otherwise this has shown nothing.
  expect(ahead).toBeGreaterThan(5)
}, 60_000)
