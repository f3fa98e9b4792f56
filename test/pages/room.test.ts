import { beforeAll, describe, expect, test } from 'vitest'
import { LIMITS } from '../../workers/app/services/limits.ts'
import { ask, MONITOR, type Person } from '../lib/candor.ts'
import { newFreePerson } from '../lib/plans.ts'
import { made, newSlug } from '../lib/world.ts'

const free = LIMITS.free
const monitor = { ...MONITOR, intervalSeconds: free.minIntervalSeconds }
const hook = { kind: 'webhook', name: 'Hook', config: { url: 'https://hooks.example/candor' } }

/** What a plan counts: its list, the form that adds to it, what is posted there, and how one is made. */
interface Kind {
  list: string
  what: string
  limit: number
  form: Record<string, string>
  make: (person: Person) => Promise<unknown>
}

const KINDS: Kind[] = [
  {
    list: '/monitors',
    what: 'monitors',
    limit: free.monitors,
    form: { url: 'https://shop.example', method: 'GET', intervalSeconds: '60', timeoutMs: '10000' },
    make: (person: Person) => made(person, 'monitor.create', monitor),
  },
  {
    list: '/integrations',
    what: 'integrations',
    limit: free.integrations,
    form: { name: 'Hook', 'config.url': 'https://hooks.example/more' },
    make: (person: Person) => made(person, 'integration.create', hook),
  },
  {
    list: '/status-pages',
    what: 'status pages',
    limit: free.statusPages,
    form: { title: 'More', slug: newSlug() },
    make: (person: Person) => made(person, 'status_page.create', { title: 'Page', slug: newSlug() }),
  },
  {
    list: '/api-keys',
    what: 'API keys',
    limit: free.apiKeys,
    form: { name: 'more', scope: 'read', expiresInDays: '90' },
    make: (person: Person) => made(person, 'api_key.create', { name: 'ci', scope: 'read' }),
  },
]

describe.each(KINDS)('the pages of $list, on a plan that has a limit,', ({ list, what, limit, form, make }) => {
  let person: Person
  beforeAll(async () => {
    person = await newFreePerson()
    for (let i = 1; i < limit; i++) await make(person)
  })
  const show = async (path: string) => (await ask('GET', path, { as: person })).text

  test('say how much is used before somebody asks for more, and invite to it while there is room', async () => {
    expect(await show(list)).toContain(`href="${list}/new"`)
    const html = await show(`${list}/new`)
    expect(html).toContain(`${limit - 1} of ${limit} ${what} of the plan Free are used.`)
    expect(html).toContain(`<form class="form" method="post" action="${list}"`)
  })

  test('have no button that would be refused, once there is none', async () => {
    await make(person)
    const full = `${limit} of ${limit} ${what} of the plan Free are used: remove one first`
    for (const path of [list, `${list}/new`]) {
      const html = await show(path)
      expect([path, html.includes(full)]).toEqual([path, true])
      expect(html).not.toContain(`href="${list}/new"`)
      expect(html).not.toContain(`<form class="form" method="post" action="${list}"`)
    }
    const { status, text } = await ask('POST', list, { as: person, form })
    expect([status, text.includes('There is a problem'), text.includes(full)]).toEqual([422, true, true])
    expect(text).toContain(`The plan Free has ${limit} ${what}. Remove one first, or move to Pro.`)
  })
})

test('the form of a monitor offers the intervals of the plan, and says which they are', async () => {
  const { text } = await ask('GET', '/monitors/new', { as: await newFreePerson() })
  expect(text).toContain('Your plan checks every 1 min at most')
  expect([text.includes('<option value="60"'), text.includes('<option value="30"')]).toEqual([true, false])
})

test('the settings say what the plan has, and how much of it is used', async () => {
  const person = await newFreePerson()
  await made(person, 'monitor.create', monitor)
  const { text } = await ask('GET', '/settings', { as: person })
  const words = text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
  expect(words).toContain('Plan: Free')
  for (const { what, limit } of KINDS)
    expect(words).toContain(`${what.charAt(0).toUpperCase()}${what.slice(1)} ${what === 'monitors' ? 1 : 0} ${limit}`)
  expect(words).toContain(`the last ${free.auditHours} hours; its texts are kept for ${free.auditDays} days`)
})
