import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { LIMITS } from '../../workers/app/services/limits.ts'
import { ask, MONITOR, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import { newFreePerson } from '../lib/plans.ts'
import { newSlug } from '../lib/world.ts'

const free = LIMITS.free
const monitor = { ...MONITOR, intervalSeconds: free.minIntervalSeconds }
const config = { url: 'https://hooks.example/candor' }

/** What a plan counts, and how one more of it is made. */
const COUNTED = [
  { what: 'monitors', path: '/v1/monitors', limit: free.monitors, body: () => monitor },
  {
    what: 'integrations',
    path: '/v1/integrations',
    limit: free.integrations,
    body: () => ({ kind: 'webhook', name: 'Hook', config }),
  },
  {
    what: 'statusPages',
    path: '/v1/status-pages',
    limit: free.statusPages,
    body: () => ({ title: 'Page', slug: newSlug() }),
  },
  { what: 'apiKeys', path: '/v1/api-keys', limit: free.apiKeys, body: () => ({ name: 'ci' }) },
]

test('every number of things that a plan has is tried here', () => {
  const numbers = Object.entries(free).filter(
    ([name, value]) =>
      typeof value === 'number' && !['minIntervalSeconds', 'auditDays', 'auditHours', 'members'].includes(name),
  )
  expect(numbers.map(([name]) => name).toSorted()).toEqual(COUNTED.map(({ what }) => what).toSorted())
})

describe.each(COUNTED)('a free workspace', ({ what, path, limit, body }) => {
  let person: Person
  beforeEach(async () => {
    person = await newFreePerson()
  })
  const create = () => ask('POST', path, { as: person, body: body() })

  test(`has ${limit} ${what}, however many are asked for at once, and room again when one goes`, async () => {
    const answers = await Promise.all(Array.from({ length: limit + 4 }, create))
    const made = answers.filter(({ status }) => status === 201)
    const refused = answers.filter(({ status }) => status !== 201)
    expect(made).toHaveLength(limit)
    expect(refused.map((answer) => [answer.status, answer.body.code])).toEqual(Array(4).fill([402, 'limit_reached']))
    expect(refused[0]?.body.detail).toContain(String(limit))
    const removed = await ask('DELETE', `${path}/${made[0]?.body.id}`, { as: person })
    expect(removed.status).toBeLessThan(300)
    expect((await create()).status).toBe(201)
    expect((await create()).status).toBe(402)
  })
})

describe('on the free plan', () => {
  let person: Person
  beforeAll(async () => {
    person = await newFreePerson()
  })

  test('a monitor that is checked more often than the plan has is refused, new or changed', async () => {
    const often = { intervalSeconds: free.minIntervalSeconds - 1 }
    const refused = await ask('POST', '/v1/monitors', { as: person, body: { ...monitor, ...often } })
    expect([refused.status, refused.body.code]).toEqual([402, 'plan_required'])
    expect(refused.body.detail).toBe('The plan Free checks every 60 seconds at most. Pro checks every 30.')
    expect(refused.body.errors).toEqual([{ field: 'intervalSeconds', message: refused.body.detail }])
    const made = await ask('POST', '/v1/monitors', { as: person, body: monitor })
    const changed = await ask('PATCH', `/v1/monitors/${made.body.id}`, { as: person, body: often })
    expect([made.status, changed.status]).toEqual([201, 402])
    const { body } = await ask('GET', '/v1/monitors', { as: person })
    expect(body.data).toEqual([made.body])
  })

  test('the audit log is written and not browsed, with a key or without', async () => {
    const { token } = await newApiKey(person, 'read')
    for (const as of [person, token]) {
      const answer = await ask('GET', '/v1/audit-logs', { as })
      expect([answer.status, answer.body.code]).toEqual([402, 'plan_required'])
      expect(answer.body.data).toBeUndefined()
    }
    expect((await ask('GET', '/v1/workspace', { as: person })).body.plan).toBe('free')
  })
})

test('a Pro workspace checks every 30 seconds, and nobody more often', async () => {
  const person = await newPerson()
  const answers = await Promise.all(
    [LIMITS.pro.minIntervalSeconds, LIMITS.pro.minIntervalSeconds - 1].map((intervalSeconds) =>
      ask('POST', '/v1/monitors', { as: person, body: { ...MONITOR, intervalSeconds } }),
    ),
  )
  expect(answers.map(({ status }) => status)).toEqual([201, 422])
})
