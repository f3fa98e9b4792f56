import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { PROVIDER_CONFIGS, WebhookConfig } from '../../shared/contracts/providers.ts'
import { newId } from '../../shared/ids.ts'
import { objectOf } from '../../workers/app/bindings.ts'
import { parseWebhookSecret } from '../../workers/app/crypto/signature.ts'
import type { ColumnClass } from '../../workers/app/db/columns.ts'
import { ask, MONITOR, newApiKey, newPerson, type Person, workspaceOf } from '../lib/candor.ts'
import { rowsOf, tableNames } from '../lib/database.ts'
import { commits, databaseIsGone, neverArrives } from '../lib/faults.ts'
import { canary, guessable, searchable, spellingsOf } from '../lib/spellings.ts'
import { bySystem, CAUSE, settled } from '../lib/world.ts'

declare global {
  interface ImportMeta {
    glob: (pattern: string, options: { eager: true }) => Record<string, Record<string, unknown>>
  }
}

/** A signing secret as Standard Webhooks wants it. */
const signingSecret = () => `whsec_${canary()}`

/** Secret fields of each kind of integration, each with a value of its own. */
const CONFIGS: Record<string, () => Record<string, string>> = {
  webhook: () => ({ url: `https://hooks.example/${canary()}?token=${canary()}`, secret: signingSecret() }),
}

/** Secret columns, by table, and what is put into them. */
const headers = () => [{ key: 'authorization', value: `Basic "é${canary()}%/+` }]
const SECRETS: Record<string, string[]> = { monitor: ['body', 'headers'], integration: ['config'] }

/** Everything that is kept anywhere: all tables, and the workspace's two objects. */
async function everythingKept(person: Person): Promise<string> {
  const kept: string[] = []
  for (const name of await tableNames()) kept.push(searchable(await rowsOf(name)))
  const look = (_instance: unknown, { storage }: DurableObjectState) => {
    kept.push(searchable(storage.kv.list()))
    const tables = storage.sql.exec<{ name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`).toArray()
    for (const { name } of tables.filter((table) => !/^(sqlite_|_cf_)/.test(table.name)))
      kept.push(searchable(storage.sql.exec(`SELECT * FROM ${name}`).toArray()))
  }
  await runInDurableObject(workspaceOf(person.workspaceId), look)
  await runInDurableObject(objectOf(env.MONITORING, env, person.workspaceId), look)
  return kept.join('\n')
}

const expectAbsent = (text: string, needles: string[]) =>
  expect(needles.filter((needle) => text.includes(needle))).toEqual([])

/** The random part of a value: what is left of it however it is escaped. */
const coreOf = (text: string) => text.match(/canary[0-9a-f]{34}/g) ?? []

test('every column and every field that is secret has a value in these tests', () => {
  const schemas = Object.values(import.meta.glob('../../workers/app/db/schema/*.ts', { eager: true }))
  const classes = schemas.flatMap((module) => Object.entries(module)).filter(([name]) => name.endsWith('Columns'))
  const secret = classes.flatMap(([name, columns]) => {
    const names = Object.entries(columns as Record<string, ColumnClass>).flatMap(([column, kind]) =>
      kind === 'secret' || kind === 'fingerprints' ? column : [],
    )
    return names.length > 0 ? [[name.replace('Columns', ''), names.toSorted()]] : []
  })
  expect(Object.fromEntries(secret)).toEqual(SECRETS)
  for (const [kind, contract] of Object.entries(PROVIDER_CONFIGS)) {
    const { shape } = contract as unknown as { shape: object }
    expect([kind, Object.keys(CONFIGS[kind]?.() ?? {}).toSorted()]).toEqual([kind, Object.keys(shape).toSorted()])
  }
})

test('what these tests search with finds a value however it is spelled', async () => {
  const value = canary()
  const spelled = [
    value,
    JSON.stringify({ value }),
    btoa(`a${value}b`),
    btoa(`ab${value}`),
    btoa(`${value}abc`),
    new TextEncoder().encode(`x${value}`),
    [...new TextEncoder().encode(`x${value}`)],
    new Map([['key', { deep: [value.toUpperCase()] }]]),
  ]
  for (const text of spelled)
    expect(spellingsOf(value).some((spelling) => searchable(text).includes(spelling))).toBe(true)
  const person = await newPerson(value)
  expect(await everythingKept(person)).toContain(value)
})

describe('secrets that people type', () => {
  const write = async (person: Person, method: string, path: string, body: unknown) => {
    const answer = await ask(method, path, { as: person, body, headers: { 'idempotency-key': newId('request') } })
    expect([answer.text, answer.status]).toEqual([answer.text, expect.toSatisfy((status) => status < 300)])
    return answer
  }

  test('stand nowhere, in no spelling and as no hash that a guess could be tried on', async () => {
    const said = ['log', 'info', 'warn', 'error', 'debug'] as const
    const spies = said.map((name) => vi.spyOn(console, name).mockImplementation(() => undefined))
    const person = await newPerson()
    const typed: string[] = []
    const inputs: unknown[] = []
    const answers: string[] = []
    const send = async (action: string, method: string, path: string, body: Record<string, unknown>) => {
      const { text, body: answer } = await write(person, method, path, body)
      const id = /[a-z]+_[0-9A-Za-z]{11}$/.exec(path)?.[0]
      typed.push(...coreOf(JSON.stringify(body)))
      inputs.push(body, { ...body, ...(id && { id }) }, [action, { ...body, ...(id && { id }) }])
      answers.push(text)
      return answer
    }
    const ids: string[] = []
    for (const [kind, config] of Object.entries(CONFIGS)) {
      const { id } = await send('integration.create', 'POST', '/v1/integrations', {
        kind,
        name: 'On call',
        config: config(),
      })
      await send('integration.update', 'PATCH', `/v1/integrations/${id}`, { config: config() })
      await write(person, 'POST', `/v1/integrations/${id}/test`, {})
      ids.push(id)
    }
    const settings = { ...MONITOR, active: true, method: 'POST', intervalSeconds: 3600, integrationIds: ids }
    const created = { ...settings, headers: headers(), body: canary() }
    const monitor = await send('monitor.create', 'POST', '/v1/monitors', created)
    const path = `/v1/monitors/${monitor.id}`
    await send('monitor.update', 'PATCH', path, { headers: headers(), body: canary() })
    await bySystem(person, 'incident.open', { monitorId: monitor.id, startedAt: Date.now(), cause: CAUSE })
    await write(person, 'POST', `${path}/check`, {})
    await settled()
    // Delivered with its secrets opened: nothing of them comes back with what the receiver said.
    const delivered = async () => (await rowsOf('delivery')).filter((row) => row.workspace_id === person.workspaceId)
    await vi.waitFor(async () => expect(await delivered()).toHaveLength(2), { timeout: 30_000 })

    expect(new Set(typed).size).toBe(10)
    const hashed = [...inputs, ...inputs.flatMap((input) => Object.values(input as object))].map((value) =>
      typeof value === 'string' ? value : JSON.stringify(value),
    )
    const needles = [...typed.flatMap(spellingsOf), ...(await guessable(...typed, ...hashed))]
    expectAbsent(await everythingKept(person), needles)
    expectAbsent(answers.join('\n').toLowerCase(), needles)
    expectAbsent(searchable(spies.flatMap((spy) => spy.mock.calls)), needles)

    for (const id of ids) await write(person, 'DELETE', `/v1/integrations/${id}`, undefined)
    await write(person, 'DELETE', path, undefined)
    await settled()
    expectAbsent(await everythingKept(person), needles)
  })

  test('stand in no answer and in no line of the log when the database fails', async () => {
    const person = await newPerson()
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const body = { ...MONITOR, headers: headers(), body: canary() }
    const texts: string[] = []
    for (const fail of [databaseIsGone, () => commits(neverArrives)]) {
      fail()
      const answer = await ask('POST', '/v1/monitors', { as: person, body })
      vi.mocked(Object.getPrototypeOf(env.DB).batch).mockRestore()
      expect(answer.status).toBe(503)
      texts.push(answer.text)
    }
    expect(said.mock.calls.flat().join()).toContain('Network connection lost')
    const needles = coreOf(JSON.stringify(body)).flatMap(spellingsOf)
    expectAbsent(searchable([texts, said.mock.calls]), needles)
    expectAbsent(await everythingKept(person), needles)
  })
})

test('tokens that Candor makes are kept as hashes only', async () => {
  const person = await newPerson()
  const { token } = await newApiKey(person)
  const config = { url: 'https://hooks.example/candor' }
  const { body } = await ask('POST', '/v1/integrations', { as: token, body: { kind: 'webhook', name: 'x', config } })
  expect(body.signingSecret).toMatch(/^whsec_/)
  const [, session = ''] = person.cookie.split('=')
  const kept = await everythingKept(person)
  for (const secret of [token, body.signingSecret.slice('whsec_'.length), session]) {
    expect(secret.length).toBeGreaterThan(40)
    expectAbsent(kept, spellingsOf(secret))
  }
})

test('a signing secret that cannot sign is refused when it is typed, not when the first message goes out', () => {
  const url = 'https://hooks.example/candor'
  const canSign = (secret: string) => {
    try {
      return parseWebhookSecret(secret).length > 0
    } catch {
      return false
    }
  }
  const alphabet = 'ABCXYZabcxyz0189+/'.split('')
  const nearly = fc.tuple(
    fc.constantFrom('', 'whsec_', 'whsec'),
    fc.string({ unit: fc.constantFrom(...alphabet), minLength: 28, maxLength: 92 }),
    fc.constantFrom('', '=', '==', '===', ' '),
  )
  let accepted = 0
  fc.assert(
    fc.property(nearly, (parts) => {
      const secret = parts.join('')
      const { success } = WebhookConfig.safeParse({ url, secret })
      if (success) accepted++
      if (success) expect([secret, canSign(secret)]).toEqual([secret, true])
    }),
    { numRuns: 2000 },
  )
  expect(accepted).toBeGreaterThan(100)
  for (const length of [24, 25, 26, 32, 63, 64]) {
    const secret = `whsec_${btoa('x'.repeat(length))}`
    expect(WebhookConfig.safeParse({ url, secret })).toMatchObject({ success: true })
  }
  for (const length of [0, 16, 23, 65])
    expect(WebhookConfig.safeParse({ url, secret: `whsec_${btoa('x'.repeat(length))}` })).toMatchObject({
      success: false,
    })
})
