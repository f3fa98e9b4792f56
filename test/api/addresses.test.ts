import { beforeAll, describe, expect, test } from 'vitest'
import { ask, MONITOR, newPerson, ORIGIN, type Person } from '../lib/candor.ts'
import { made } from '../lib/world.ts'

let ada: Person
let monitorId: string
let integrationId: string

beforeAll(async () => {
  ada = await newPerson()
  monitorId = await made(ada, 'monitor.create', MONITOR)
  const config = { url: 'https://hooks.example/candor' }
  integrationId = await made(ada, 'integration.create', { kind: 'webhook', name: 'Hook', config })
})

const PRIVATE = [
  'http://127.0.0.1',
  'http://127.1',
  'http://2130706433',
  'http://0x7f000001',
  'http://0x7f.0.0.1',
  'http://0177.0.0.1',
  'http://127.0.0.1.',
  'http://１２７.0.0.1',
  'http://127。0。0。1',
  'http://%31%32%37.0.0.1',
  'https://10.0.0.1/admin',
  'https://172.16.0.1',
  'https://192.168.1.1:8443',
  'http://169.254.169.254/latest/meta-data/',
  'http://100.64.0.1',
  'http://0.0.0.0',
  'http://[::1]',
  'http://[::]',
  'http://[::ffff:127.0.0.1]',
  'http://[::ffff:7f00:1]',
  'http://[64:ff9b::a00:1]',
  'http://[fe80::1]',
  'http://[fd00::1]',
  'http://localhost:3000',
  'http://LOCALHOST',
  'http://localhost.',
  'http://shop.localhost',
  'http://db.internal',
  'http://router.lan',
  'http://intranet',
]
const OTHERS: Record<string, string[]> = {
  'a user name or a password': ['https://ada@shop.example', 'https://ada:x@shop.example', 'https://:x@shop.example'],
  'another protocol': [
    'ftp://shop.example',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'ws://shop.example',
  ],
  'the port of another protocol': ['http://shop.example:22', 'http://shop.example:25', 'https://shop.example:6379'],
  'no host': ['', 'shop.example', '//shop.example', 'https://', 'http:///', 'https://shop..example'],
  'more than 2,048 characters': [`https://shop.example/${'x'.repeat(2048)}`],
}
const REFUSED = [
  ...PRIVATE.map((url) => ['an address that is not public', url]),
  ...Object.entries(OTHERS).flatMap(([why, urls]) => urls.map((url) => [why, url])),
]

/** The four requests that take an address, and the field that they name. */
const requests = (url: string) => [
  { field: 'url', answer: ask('POST', '/v1/monitors', { as: ada, body: { ...MONITOR, url } }) },
  { field: 'url', answer: ask('PATCH', `/v1/monitors/${monitorId}`, { as: ada, body: { url } }) },
  {
    field: 'config.url',
    answer: ask('POST', '/v1/integrations', { as: ada, body: { kind: 'webhook', name: 'Hook', config: { url } } }),
  },
  {
    field: 'config.url',
    answer: ask('PATCH', `/v1/integrations/${integrationId}`, { as: ada, body: { config: { url } } }),
  },
]

describe('an address that a monitor or a webhook would go to', () => {
  test.each(REFUSED)('is refused with %s: %s', async (_why, url) => {
    for (const { field, answer } of requests(url)) {
      const { status, body } = await answer
      expect([status, body.code, body.errors[0].field]).toEqual([422, 'invalid', field])
      expect(body.errors[0].message).toMatch(/\.$/)
    }
  })

  test.each([ORIGIN, `${ORIGIN}/v1/monitors`, `${ORIGIN.toUpperCase()}/`])(
    "is refused when it is Candor's own: %s",
    async (url) => {
      for (const { answer } of requests(url)) {
        const { status, body } = await answer
        expect([status, body.errors[0].message]).toEqual([422, 'This is an address of Candor itself.'])
      }
    },
  )

  test('is stored nowhere when it was refused', async () => {
    const monitors = await ask('GET', '/v1/monitors', { as: ada })
    const integrations = await ask('GET', '/v1/integrations', { as: ada })
    expect(monitors.body.data).toMatchObject([{ id: monitorId, url: MONITOR.url }])
    expect(integrations.body.data).toMatchObject([{ id: integrationId }])
    expect(integrations.body.data[0].updatedAt).toBe(integrations.body.data[0].createdAt)
  })

  test.each(['https://shop.example', 'https://münchen.example/a?b=c#d', 'http://93.184.216.34:8080'])(
    'is taken when it is public: %s',
    async (url) => {
      const answers = await Promise.all(requests(url).map(({ answer }) => answer))
      expect(answers.map(({ status }) => status)).toEqual([201, 200, 201, 200])
      expect(answers[0]?.body.url).toBe(url)
    },
  )
})
