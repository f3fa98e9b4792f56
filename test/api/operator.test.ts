import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { newId } from '../../shared/ids.ts'
import type { Env } from '../../workers/app/bindings.ts'
import { LIMITS } from '../../workers/app/services/limits.ts'
import { newMember, nightlyPass, setPlan } from '../lib/audit.ts'
import { ask, MONITOR, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import { dump, dumpBesidesLog } from '../lib/database.ts'
import { askAt, deployed, PUBLIC, STATUS } from '../lib/deployment.ts'
import { newKey } from '../lib/keys.ts'
import { soundLog } from '../lib/log.ts'
import { command, OPERATOR_KEY } from '../lib/operator.ts'
import { OPERATOR_ROUTES, pathTo } from '../lib/routes.ts'
import { untouchable } from '../lib/untouchable.ts'
import { made, newSlug, settled } from '../lib/world.ts'

test('the operator has exactly these commands, and all of them are changes or questions by POST', () => {
  expect(OPERATOR_ROUTES.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
    'POST /operator/keys/status',
    'POST /operator/workspaces/:id/audit/accept',
    'POST /operator/workspaces/:id/audit/status',
    'POST /operator/workspaces/:id/keys/rewrap',
    'POST /operator/workspaces/:id/plan',
  ])
})

describe.each(OPERATOR_ROUTES)('$path, before anything is looked up,', ({ path }) => {
  let person: Person
  let apiKey: string
  beforeAll(async () => {
    person = await newPerson()
    apiKey = (await newApiKey(person)).token
  })
  const at = () => pathTo(path, person.workspaceId)

  async function statusOf(headers: Record<string, string>, method = 'POST', vars: Partial<Env> = {}) {
    const { env: broken, touches, counted } = untouchable(vars)
    const { status, body } = await ask(method, at(), { headers, env: broken, ...(method === 'POST' && { body: {} }) })
    // A key that is tried and wrong is counted by its address (ADR 0026); nothing else is.
    const isWrong = status === 401 && headers.authorization !== undefined
    expect([touches, counted()]).toEqual([[], isWrong ? ['refused'] : []])
    return [status, body?.code]
  }

  test('answers 401 without a credential, with a malformed one, a forged one, an API key and a session', async () => {
    const [first = '', ...rest] = OPERATOR_KEY
    const forged = (first === 'A' ? 'B' : 'A') + rest.join('')
    const wrong = [
      '',
      'Bearer',
      'Bearer x',
      'Bearer !!!!',
      `Bearer ${newKey()}`,
      `Bearer ${forged}`,
      `Bearer ${OPERATOR_KEY.slice(0, -4)}`,
      `Bearer ${OPERATOR_KEY} x`,
      `Basic ${btoa(`operator:${OPERATOR_KEY}`)}`,
      OPERATOR_KEY,
      `Bearer ${apiKey}`,
    ]
    const session = { cookie: person.cookie, origin: 'http://localhost:8787', 'sec-fetch-site': 'same-origin' }
    for (const headers of [{}, session, ...wrong.map((authorization) => ({ authorization }))] as Record<
      string,
      string
    >[])
      expect([headers, await statusOf(headers)]).toEqual([headers, [401, 'unauthorized']])
  })

  test('answers 404 to everybody where no key is configured', async () => {
    for (const headers of [{}, { authorization: `Bearer ${OPERATOR_KEY}` }] as Record<string, string>[])
      expect(await statusOf(headers, 'POST', { OPERATOR_KEY: '' })).toEqual([404, 'not_found'])
  })

  test('takes POST only, and no other origin', async () => {
    const authorization = `Bearer ${OPERATOR_KEY}`
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      expect([method, await statusOf({ authorization }, method)]).toEqual([method, [405, 'method_not_allowed']])
    const { headers } = await ask('OPTIONS', at(), { headers: { origin: 'https://elsewhere.test' } })
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

const NAMING = OPERATOR_ROUTES.filter(({ path }) => path.includes(':id'))

test.each(NAMING)('$path answers 404 for a workspace that there is not, and makes nothing for it', async ({ path }) => {
  const person = await newPerson()
  const before = await dump()
  const asked = { as: OPERATOR_KEY, body: { plan: 'free' } }
  for (const id of [newId('workspace'), newId('monitor'), 'ws_1', '%20', person.workspaceId.toLowerCase()])
    expect([id, (await ask('POST', pathTo(path, id), asked)).status]).toEqual([id, 404])
  expect(await dump()).toBe(before)
})

test('a key that is damaged or a placeholder stops the Worker, by name', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  for (const OPERATOR_KEY of ['short', btoa('a'.repeat(32))]) {
    const answer = await ask('GET', '/v1/monitors', { env: { ...env, OPERATOR_KEY } })
    expect([answer.status, answer.text]).toEqual([500, expect.stringContaining('OPERATOR_KEY')])
  }
})

test('on a deployment the commands are on the host of the dashboard, and not on that of status pages', async () => {
  const { workspaceId } = await newPerson()
  const init = { method: 'POST', headers: { authorization: `Bearer ${OPERATOR_KEY}` } }
  const statuses = [PUBLIC, STATUS].map(
    async (host) => (await askAt(`${host}/operator/workspaces/${workspaceId}/audit/status`, init, deployed())).status,
  )
  expect(await Promise.all(statuses)).toEqual([200, 404])
})

/** Everything but the log and the row that holds the plan. */
const dumpBesides = async (workspaceId: string) =>
  (await dumpBesidesLog())
    .split('\n')
    .filter((line) => !line.startsWith(`workspace {"workspace_id":"${workspaceId}"`))
    .join('\n')

describe('a plan that the operator changes', () => {
  test('is one entry, which says what it was and what it is', async () => {
    const { workspaceId } = await newPerson()
    const answer = await command(workspaceId, 'plan', { plan: 'free' })
    const { leaf } = (await soundLog(workspaceId)).at(-1) ?? expect.unreachable()
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        workspace: expect.objectContaining({ id: workspaceId, plan: 'free' }),
        before: 'pro',
        seq: leaf.seq,
        above: [],
      },
    ])
    expect(leaf).toMatchObject({
      action: 'workspace.set_plan',
      actor: { type: 'system', id: 'operator' },
      auth: 'operator',
      surface: 'system',
      user: null,
      person: null,
      requestId: answer.headers.get('x-request-id'),
      before: { plan: 'pro' },
      after: { plan: 'free' },
      changed: ['plan'],
    })
  })

  test('to a smaller one takes nothing away, says what is above it, and adds nothing to that', async () => {
    const person = await newPerson()
    const { workspaceId } = person
    const free = LIMITS.free
    for (let i = 0; i <= free.monitors; i++) await made(person, 'monitor.create', { ...MONITOR, intervalSeconds: 30 })
    for (let i = 0; i < free.statusPages; i++) await made(person, 'status_page.create', { title: 'P', slug: newSlug() })
    await settled()
    const before = await dumpBesides(workspaceId)
    const { body } = await command(workspaceId, 'plan', { plan: 'free' })
    expect(body.above).toEqual([
      { what: 'monitors', count: free.monitors + 1, limit: free.monitors },
      { what: 'seconds between checks', count: 30, limit: free.minIntervalSeconds },
    ])
    expect(await dumpBesides(workspaceId)).toBe(before)
    for (const [path, more] of [
      ['/v1/monitors', { ...MONITOR, intervalSeconds: free.minIntervalSeconds }],
      ['/v1/status-pages', { title: 'P', slug: newSlug() }],
    ] as const)
      expect((await ask('POST', path, { as: person, body: more })).body.code).toBe('limit_reached')
    await command(workspaceId, 'plan', { plan: 'pro' })
    expect((await ask('POST', '/v1/monitors', { as: person, body: MONITOR })).status).toBe(201)
  })

  test('is refused when there is no such plan, and when it is the one that the workspace has', async () => {
    const { workspaceId } = await newPerson()
    const answers = await Promise.all([
      command(workspaceId, 'plan', { plan: 'gold' }),
      command(workspaceId, 'plan', {}),
      command(workspaceId, 'plan', { plan: 'pro' }),
      command(workspaceId, 'plan', { plan: 'free', workspaceId: newId('workspace') }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 409, 422])
    expect(answers[0]?.body.detail).toBe('The plan is "free" or "pro".')
  })

  test('cannot be changed by anybody of the workspace, nor by a key', async () => {
    const person = await newPerson()
    const member = await newMember(person, 'owner')
    const { token } = await newApiKey(person)
    for (const as of [person, member, token]) {
      const { status } = await ask('PATCH', '/v1/workspace', { as, body: { name: 'More', plan: 'pro' } })
      expect(status).toBe(422)
    }
  })
})

test('the status of a sound log says that its end fits, and makes no entry', async () => {
  const person = await newPerson()
  await setPlan(person, 'free')
  await nightlyPass(person.workspaceId)
  const size = (await soundLog(person.workspaceId)).length
  const { status, body } = await command(person.workspaceId, 'audit/status')
  expect([status, body]).toEqual([
    200,
    {
      workspace: expect.objectContaining({ id: person.workspaceId }),
      known: { size, root: expect.stringMatching(/=$/) },
      stored: body.known,
      fits: true,
      finding: null,
      checked: { size, begun: expect.any(Number), at: expect.any(Number) },
      unlogged: { count: 0, last: null },
    },
  ])
  expect(await soundLog(person.workspaceId)).toHaveLength(size)
})

test('a status that cannot be asked because the database does not answer is 503, in words', async () => {
  const { workspaceId } = await newPerson()
  await command(workspaceId, 'audit/status')
  vi.spyOn(console, 'error').mockReturnValue()
  const prototype = Object.getPrototypeOf(env.DB) as { batch(statements: { statement: string }[]): unknown }
  const real = prototype.batch
  vi.spyOn(prototype, 'batch').mockImplementation(function (this: unknown, statements) {
    const isHead = statements.length === 1 && statements[0]?.statement.includes('"audit_log"')
    return isHead ? Promise.reject(new Error('D1_ERROR: Network connection lost.')) : real.call(this, statements)
  })
  const { status, body } = await command(workspaceId, 'audit/status')
  expect([status, body.detail]).toEqual([503, 'The log could not be read just now. Try again.'])
})
