import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Noun, newId } from '../../shared/ids.ts'
import { ask, MONITOR, type Person, signedIn } from '../lib/candor.ts'
import { expectNoDifference, idsIn, quietWorld, rowsOfWorld, type World } from '../lib/isolation.ts'
import { DASHBOARD_ROUTES, pathTo, READS } from '../lib/routes.ts'
import { newSlug } from '../lib/world.ts'

let ada: World
let eve: World
let adas: [noun: Noun, id: string][]
let before: string

beforeAll(async () => {
  ada = await quietWorld('Ada')
  eve = await quietWorld('Eve')
  before = await rowsOfWorld(ada)
  adas = idsIn(before)
  // Pages say how long ago something was: in both answers that are compared it is the same moment.
  vi.useFakeTimers({ toFake: ['Date'] })
}, 30_000)

// After everything that was tried below.
afterAll(async () => {
  vi.useRealTimers()
  // A session that says it is in Ada's workspace is Eve's all the same, and so is the entry of it.
  const rows = (await rowsOfWorld(ada)).split('\n').filter((row) => !row.includes(eve.person.userId))
  expect(rows.join('\n')).toBe(before)
})

/** Fields of every form at once: each takes its own, and all of them are filled in as Ada would. */
const FORM = {
  name: 'Taken over',
  url: 'https://taken.example',
  method: 'GET',
  intervalSeconds: '60',
  timeoutMs: '10000',
  title: 'Taken over',
  confirm: 'ci',
  email: 'taken@example.test',
  role: 'member',
}
const withId = DASHBOARD_ROUTES.filter(({ path }) => path.includes(':id'))
const KINDS: Record<string, Noun> = {
  monitors: 'monitor',
  integrations: 'integration',
  'status-pages': 'statusPage',
  'api-keys': 'apiKey',
  incidents: 'incident',
  members: 'user',
  people: 'user',
  invitations: 'invitation',
  workspaces: 'workspace',
  identities: 'identity',
}
const kindOf = (path: string) => KINDS[path.split('/').find((part) => part in KINDS) ?? '']

/** A path with the id of what a workspace has there. */
function ofWorld(world: World, path: string): string {
  const kind = kindOf(path)
  return pathTo(path, kind ? (world[`${kind}Id` as keyof World] as string) : '')
}

describe('on a page, an id of another workspace is the same as one that never was', () => {
  test.each(withId)('in the address of $method $path', async ({ method, path }) => {
    const form = method === 'POST' ? { ...FORM, slug: newSlug() } : undefined
    for (const [noun, id] of adas) {
      const asked = { as: eve.person, ...(form && { form }) }
      const answer = await expectNoDifference(noun, id, (one) => ask(method, pathTo(path, one), asked))
      expect(answer.status).toBe(kindOf(path) === noun ? 404 : 422)
    }
  })

  test.each(DASHBOARD_ROUTES.filter(({ method }) => method === 'GET'))(
    'in the query string of $path',
    async ({ path }) => {
      const at = ofWorld(eve, path)
      const names = ['id', 'cursor', 'monitorId', 'actor', 'entity', 'message', 'monitor', 'url']
      const shown = adas.filter(([noun]) => noun === 'user' || Object.values(KINDS).includes(noun))
      for (const [noun, id] of shown) {
        const show = (query: (one: string) => string) =>
          expectNoDifference(noun, id, (one) => ask('GET', `${at}?${query(one)}`, { as: eve.person }))
        const { status } = await show((one) => names.map((name) => `${name}=${one}`).join('&'))
        // A page that refuses what it does not know is asked for each by itself.
        if (status === 422) for (const name of names) await show((one) => `${name}=${one}`)
      }
    },
  )

  test.each(['monitors', 'status-pages'])('in the fields of a new or changed one of the %s', async (noun) => {
    const own = noun === 'monitors' ? eve.monitorId : eve.statusPageId
    const form = { ...FORM, slug: newSlug() }
    const field = noun === 'monitors' ? 'integrationIds' : 'monitorIds'
    for (const path of [`/${noun}`, `/${noun}/${own}`])
      for (const [kind, id] of adas) {
        const answer = await expectNoDifference(kind, id, (one) =>
          ask('POST', path, { as: eve.person, form: { ...form, [field]: one } }),
        )
        expect(answer.status).toBe(422)
      }
  })
})

/** Eve, who says that she is in Ada's workspace. Only somebody with the sign-in key could. */
const intruder = (): Promise<Person> => signedIn(ada.person.workspaceId, eve.person.userId)

test('a session counts only in a workspace that its person belongs to', async () => {
  const as = await intruder()
  for (const { path } of READS) expect((await ask('GET', ofWorld(ada, path), { as })).status).toBe(401)
  const change = await ask('PATCH', '/v1/workspace', { as, body: { name: 'Taken over' } })
  const page = await ask('GET', '/monitors', { as })
  expect([change.status, page.status]).toEqual([401, 303])
})

test('an idempotency key of one workspace is nothing in another', async () => {
  const headers = { 'idempotency-key': newId('request') }
  const request = (as: Person) => ask('POST', '/v1/monitors', { as, body: MONITOR, headers })
  const mine = await request(eve.person)
  const again = await request(eve.person)
  expect([mine.status, again.body.id, again.headers.get('idempotency-replayed')]).toEqual([201, mine.body.id, 'true'])
  const other = await quietWorld('Joan')
  const theirs = await request(other.person)
  expect([theirs.status, theirs.headers.get('idempotency-replayed')]).toEqual([201, null])
  expect(theirs.body.id).not.toBe(mine.body.id)
})

test('a cursor of one workspace shows nothing of it in another', async () => {
  const { nextCursor } = (await ask('GET', '/v1/monitors?limit=1', { as: ada.person })).body
  expect(nextCursor).toEqual(expect.any(String))
  const { body } = await ask('GET', `/v1/monitors?cursor=${nextCursor}`, { as: eve.person })
  const ids = body.data.map(({ id }: { id: string }) => id)
  expect([eve.monitorId, eve.downId]).toEqual(expect.arrayContaining(ids))
})
