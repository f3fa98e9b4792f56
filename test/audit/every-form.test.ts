import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AuditLeaf } from '../../shared/contracts/audit.ts'
import { ask, newPerson, type Person } from '../lib/candor.ts'
import { statement } from '../lib/database.ts'
import { readLog } from '../lib/log.ts'
import { pathIn } from '../lib/pages.ts'
import { OTHER_ROUTES } from '../lib/routes.ts'
import { newWorld, settled } from '../lib/world.ts'
import { type Expected, FORMS, NO_FORM, NOTED_READS } from './forms.ts'

const routes = OTHER_ROUTES.map(({ method, path }) => `${method} ${path}`)
const posted = routes.filter((route) => !route.startsWith('GET '))

/** Every entry that a request has led to, in any log. */
async function entriesOf(requestId: string | null): Promise<AuditLeaf[]> {
  const found = `SELECT leaf FROM audit_body WHERE leaf ->> 'requestId' = ? ORDER BY log_id, seq`
  return (await statement(found, requestId).all<{ leaf: string }>()).results.map(({ leaf }) => JSON.parse(leaf))
}

/** The leaf of an entry as the table has it. */
const leafOf = ({ action, entity, log, auth = undefined, system }: Expected, as: Person, workspaceId: string) => ({
  action,
  log: log === 'new' ? expect.stringMatching(/^ws_/) : (log ?? workspaceId),
  outcome: 'ok',
  entity: { type: action.split('.')[0], id: entity ?? expect.any(String) },
  ...(system
    ? { surface: 'system', actor: { type: 'system', id: system }, user: null, auth: 'system' }
    : { surface: 'dashboard', actor: { type: 'user', id: as.userId }, user: as.userId, auth: auth ?? 'session' }),
})

const byAction = (one: { action: string; entity: { id: unknown } }) => `${one.action} ${String(one.entity.id)}`
const inOrder = <T extends { action: string; entity: { id: unknown } }>(leaves: T[]) =>
  leaves.toSorted((one, other) => byAction(one).localeCompare(byAction(other)))

describe('the table of these tests', () => {
  test('has a form and its entries for everything that the dashboard lets people post', () => {
    const missing = posted.filter((route) => !(route in FORMS) && !(route in NO_FORM))
    const sentences = missing.map((route) => `${route} has no row: say in test/audit/forms.ts which entries it leaves.`)
    expect(sentences).toEqual([])
  })

  test('outlives no route', () => {
    const rows = [...Object.keys(FORMS), ...Object.keys(NO_FORM), ...Object.keys(NOTED_READS)]
    expect(rows.filter((route) => !routes.includes(route))).toEqual([])
  })
})

describe('a form of the dashboard leaves exactly its entries', () => {
  test.each(Object.entries(FORMS))('%s', async (route, arrange) => {
    const owner = await newPerson()
    const { id = '', query = '', form = {}, as = owner, leaves } = await arrange(owner)
    await settled()
    const logs = [...new Set([owner.workspaceId, owner.userId, as.userId])]
    const before = new Map<string, number>()
    for (const log of logs) before.set(log, (await readLog(log)).length)

    const path = route.slice('POST '.length).replace(':id', id) + query
    const answer = await ask('POST', path, { as, form })
    expect([answer.status, answer.text]).toEqual([expect.toSatisfy((status) => status < 400), answer.text])
    await settled()

    const added: AuditLeaf[] = []
    for (const log of logs) added.push(...(await readLog(log)).slice(before.get(log)).map(({ leaf }) => leaf))
    const requestId = answer.headers.get('x-request-id')
    const elsewhere = (await entriesOf(requestId)).filter(({ log }) => !logs.includes(log))
    const wanted = leaves.map((leaf) => leafOf(leaf, as, owner.workspaceId))
    expect(inOrder([...added, ...elsewhere])).toMatchObject(inOrder(wanted))
    expect(added.length + elsewhere.length).toBe(wanted.length)
    const own = added.filter(({ actor }) => actor.type === 'user')
    expect(own.map((leaf) => leaf.requestId)).toEqual(own.map(() => requestId))
  })
})

describe('a page leaves no entry of its own, but where the log itself or all of a workspace is read', () => {
  let world: Awaited<ReturnType<typeof newWorld>>
  let reader: Person
  beforeAll(async () => {
    world = await newWorld()
    reader = world.person
  })
  beforeEach(settled)

  test.each(routes.filter((route) => route.startsWith('GET ')))('%s', async (route) => {
    const noted = NOTED_READS[route]
    const path = pathIn(world, route.slice('GET '.length)) + (noted?.query ?? '')
    const { headers } = await ask('GET', path, { as: reader })
    const log = noted?.own ? reader.userId : reader.workspaceId
    expect(await entriesOf(headers.get('x-request-id'))).toMatchObject(
      noted ? [leafOf({ action: noted.action, log }, reader, reader.workspaceId)] : [],
    )
  })
})
