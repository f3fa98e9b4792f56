import { beforeAll, describe, expect, test } from 'vitest'
import { type Answer, ask, MONITOR, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import { CHANGES, DASHBOARD_ROUTES, pathTo, READS } from '../lib/routes.ts'
import { canary, spellingsOf } from '../lib/spellings.ts'

/** Secrets as people type them, each of its own, in every field that takes one. */
const planted = {
  headerValue: canary(),
  secondHeader: canary(),
  body: canary(),
  hookPath: canary(),
  hookQuery: canary(),
  signing: canary(),
}

let ada: Person
let key: string
let monitorId: string
let integrationId: string
const answers: Answer[] = []

/** Asks and keeps the answer, to be searched in the end. */
async function keep(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await ask(method, path, { as: path.startsWith('/v1/api-keys') ? ada : key, body })
  answers.push(answer)
  return answer
}

const monitor = {
  ...MONITOR,
  method: 'POST',
  headers: [
    { key: 'authorization', value: `Bearer ${planted.headerValue}` },
    { key: 'cookie', value: `a="${planted.secondHeader}"; b=ü` },
  ],
  body: JSON.stringify({ password: `"${planted.body}"` }),
}
const config = {
  url: `https://hooks.example/${planted.hookPath}/in?token=${planted.hookQuery}`,
  secret: `whsec_${planted.signing}`,
}

beforeAll(async () => {
  ada = await newPerson()
  key = (await newApiKey(ada)).token
  monitorId = (await keep('POST', '/v1/monitors', monitor)).body.id
  const hook = { kind: 'webhook', name: 'Hook', config }
  integrationId = (await keep('POST', '/v1/integrations', hook)).body.id
})

function expectWithout(what: string, text: string) {
  const lower = text.toLowerCase()
  for (const [name, secret] of Object.entries(planted))
    for (const spelling of spellingsOf(secret)) if (lower.includes(spelling)) expect.fail(`${name} stands in ${what}`)
}

describe('a secret that was typed once', () => {
  test('is found by this search in each of its spellings', () => {
    for (const spelling of spellingsOf(planted.body))
      expect(() => expectWithout('a text', `a ${spelling} b`)).toThrow('body stands in a text')
  })

  test('is in no answer of the API, whatever is done with what it belongs to', async () => {
    const parts: Record<string, unknown> = {
      'monitor.update': { name: 'Renamed', headers: monitor.headers },
      'integration.update': { name: 'Renamed', config: { url: config.url } },
      'monitor.create': { ...monitor, name: '' },
      'integration.create': { kind: 'webhook', name: '', config },
      'workspace.rename': { name: 'Renamed' },
    }
    const deletes = CHANGES.filter(({ method }) => method === 'DELETE')
    const others = CHANGES.filter(({ method }) => method !== 'DELETE')
    const ownOf = (path: string) => (path.includes('integrations') ? integrationId : monitorId)
    for (const { method, path, operation } of others)
      await keep(method, pathTo(path, ownOf(path)), parts[operation.action] ?? {})
    for (const { path } of READS) await keep('GET', pathTo(path, ownOf(path)))
    for (const { path } of deletes) await keep('DELETE', pathTo(path, ownOf(path)))
    for (const { path } of READS) await keep('GET', pathTo(path, ownOf(path)))
    const done = new Set(answers.filter(({ status }) => status < 300).map(({ status }) => status))
    expect([...done].toSorted()).toEqual([200, 201, 204])
    for (const { text, headers } of answers) expectWithout('an answer', text + JSON.stringify([...headers]))
  })

  test('is not repeated by a refusal', async () => {
    const refused = [
      await keep('POST', '/v1/monitors', { ...monitor, headers: [{ key: 'x', value: `${planted.headerValue}\n` }] }),
      await keep('POST', '/v1/monitors', { ...monitor, url: `https://ada:${planted.hookPath}@shop.example` }),
      await keep('POST', '/v1/monitors', { ...monitor, body: [planted.body] }),
      await keep('POST', '/v1/integrations', { kind: 'webhook', name: 'x', config: { url: planted.hookPath } }),
      await keep('POST', '/v1/integrations', {
        kind: 'webhook',
        name: 'x',
        config: { ...config, secret: `${planted.body}*` },
      }),
      await keep('POST', '/v1/monitors', `{"body":"${planted.body}"`),
    ]
    expect(refused.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422, 400])
    for (const { text, headers } of refused) expectWithout('a refusal', text + JSON.stringify([...headers]))
  })

  test('is on no page of the dashboard', async () => {
    const made = await keep('POST', '/v1/monitors', monitor)
    const hook = await keep('POST', '/v1/integrations', { kind: 'webhook', name: 'Hook', config })
    let shown = 0
    for (const { path } of DASHBOARD_ROUTES.filter(({ method }) => method === 'GET')) {
      const id = path.startsWith('/integrations') ? hook.body.id : made.body.id
      const { status, text } = await ask('GET', pathTo(path, id), { as: ada })
      if (status === 200) shown++
      expectWithout(`the page ${path}`, text)
    }
    expect(shown).toBeGreaterThan(12)
  })
})
