import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Noun, newId, type WorkspaceId } from '../../shared/ids.ts'
import { configOf, deploymentLog } from '../../workers/app/bindings.ts'
import { database } from '../../workers/app/db/client.ts'
import { monitoringOf } from '../../workers/app/edge/run.ts'
import { MUTATIONS } from '../../workers/app/services/mutations.ts'
import { QUERIES } from '../../workers/app/services/queries.ts'
import { readOne } from '../../workers/app/services/read.ts'
import { ask, MONITOR, mutateAs, newApiKey } from '../lib/candor.ts'
import { expectNoDifference, idsIn, mask, quietWorld, rowsOfWorld, type World } from '../lib/isolation.ts'
import { messageOf } from '../lib/keys.ts'
import { CHANGES, pathTo, READS } from '../lib/routes.ts'
import { newSlug } from '../lib/world.ts'

let ada: World
let eve: World
let eveKey: string
/** Every id that stands anywhere in Ada's workspace. */
let adas: [noun: Noun, id: string][]
let before: string

beforeAll(async () => {
  ada = await quietWorld('Ada')
  eve = await quietWorld('Eve')
  eveKey = (await newApiKey(eve.person, 'write')).token
  before = await rowsOfWorld(ada)
  adas = idsIn(before)
}, 30_000)

const fieldsOf = (input: z.ZodType): [string, z.ZodType][] =>
  input instanceof z.ZodObject ? Object.entries(input.shape as Record<string, z.ZodType>) : []

/** The value under which a field takes an id: as it is, in a list, or not at all. */
function asIdField(field: z.ZodType, id: string): unknown {
  const takes = (value: unknown) => field.safeParse(value).success
  if (takes(id) && !takes('no id')) return id
  return takes([id]) && !takes(['no id']) ? [id] : undefined
}

/** Bodies that would be accepted, for the changes whose bodies have ids in them. */
const BODIES: Record<string, () => Record<string, unknown>> = {
  'workspace.transfer': () => ({}),
  'member.change_role': () => ({ role: 'viewer' }),
  'monitor.create': () => MONITOR,
  'monitor.update': () => ({ name: 'Changed' }),
  'status_page.create': () => ({ title: 'Page', slug: newSlug() }),
  'status_page.update': () => ({ title: 'Changed' }),
  'incident.open': () => ({
    startedAt: 1,
    cause: { errorClass: 'http', status: 500, message: 'It failed.', region: 'local' },
  }),
  'incident.resolve': () => ({ startedAt: 1, resolvedAt: 2 }),
}

const ownIdFor = (path: string): string =>
  path.includes('monitors') ? eve.monitorId : path.includes('status-pages') ? eve.statusPageId : eve.integrationId

// After everything that was tried above.
afterAll(async () => {
  expect(await rowsOfWorld(ada)).toBe(before)
})

test('Ada has one thing of every kind', () => {
  expect(adas.map(([noun]) => noun).toSorted()).toEqual(
    expect.arrayContaining([
      'apiKey',
      'incident',
      'integration',
      'invitation',
      'monitor',
      'statusPage',
      'user',
      'workspace',
    ]),
  )
})

describe('an id of another workspace is the same as one that never was', () => {
  test.each([...READS, ...CHANGES].filter(({ path }) => path.includes(':id')))('in $route', async (route) => {
    const unknown = new Set<Noun>()
    for (const as of [eve.person, eveKey])
      for (const [noun, id] of adas) {
        const body = 'action' in route.operation ? BODIES[route.operation.action]?.() : undefined
        const asked = { as, ...(route.method === 'PATCH' && { body: body ?? {} }) }
        const { status } = await expectNoDifference(noun, id, (one) =>
          ask(route.method, pathTo(route.path, one), asked),
        )
        expect([403, 404, 422]).toContain(status)
        if (status === 404) unknown.add(noun)
      }
    expect(unknown.size).toBe(1)
  })

  test.each(READS)('in the query string of $route', async ({ path, operation }) => {
    const names = [...fieldsOf(operation.input).map(([name]) => name), 'workspaceId', 'workspace']
    for (const name of names)
      for (const [noun, id] of adas)
        await expectNoDifference(noun, id, (one) =>
          ask('GET', `${pathTo(path, ownIdFor(path))}?${name}=${one}`, { as: eve.person }),
        )
  })

  test.each(CHANGES)('in the body of $route', async ({ method, path, operation }) => {
    for (const [name, field] of fieldsOf(operation.input))
      for (const [noun, id] of adas) {
        if (name === 'id' || asIdField(field, id) === undefined) continue
        const fields = BODIES[operation.action]?.()
        expect(fields, `a body for ${operation.action}`).toBeDefined()
        const answer = await expectNoDifference(noun, id, (one) =>
          ask(method, pathTo(path, ownIdFor(path)), {
            as: eve.person,
            body: { ...fields, [name]: asIdField(field, one) },
          }),
        )
        expect([answer.status, answer.body.errors[0].field]).toEqual([422, name])
      }
  })

  test.each(QUERIES)('for the query $name, asked by itself', async (query) => {
    const request = {
      credential: eve.person.session,
      surface: 'api' as const,
      now: Date.now(),
      targets: { allowPrivate: [], ownHosts: [] },
      checkpointer: configOf(env).checkpointer,
      deployment: { receipt: (id: WorkspaceId) => deploymentLog(env).receipt(id) },
      monitoring: monitoringOf(env),
    }
    const read = async (input: unknown) => {
      const answer = readOne(database(env.DB), request, query, input)
      return answer.then(({ answer }) => JSON.stringify(answer)).catch(() => messageOf(() => answer))
    }
    for (const [name] of fieldsOf(query.input))
      for (const [noun, id] of adas) {
        const never = newId(noun)
        expect(mask(await read({ [name]: id }), id)).toBe(mask(await read({ [name]: never }), never))
      }
  })

  test.each(MUTATIONS)('for the change $action, asked of the workspace itself', async (verb) => {
    for (const [name, field] of fieldsOf(verb.input))
      for (const [noun, id] of adas) {
        if (asIdField(field, id) === undefined) continue
        const { workspaceId } = eve.person
        const { session } = eve.person
        const hash = 'hash' in session ? session.hash : ''
        const credential = verb.credentials?.includes('system')
          ? ({ type: 'system', workspaceId, name: 'monitoring' } as const)
          : verb.credentials?.includes('invited')
            ? ({ type: 'invited', workspaceId, hash } as const)
            : session
        const change = async (one: string) => {
          const owned = name !== 'id' && verb.route?.includes(':id') ? { id: ownIdFor(verb.route) } : {}
          const fields = { ...BODIES[verb.action]?.(), ...owned, [name]: asIdField(field, one) }
          return mask(JSON.stringify(await mutateAs(eve.person, verb.action, fields, { credential })), one)
        }
        const real = await change(id)
        expect(real).toBe(await change(newId(noun)))
        expect(real).toMatch(/^\{"ok":false,"code":"(not_found|invalid)"/)
      }
  })
})
