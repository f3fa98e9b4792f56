import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canary, searchable, spellingsOf } from '../lib/spellings.ts'
import { freePort } from '../node/free-port.ts'
import { type Candor, makeBrowser, newStateDir, removeStateDir, startCandor, startReceiver, until } from './harness.ts'

const MONITORS = 8
const HOOKS = 4

/** A server that answers with all that it was sent, as a page for debugging does: well at first, then with an error. */
async function startEcho() {
  const port = await freePort()
  const state = { status: 200, heard: '' }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const seen = JSON.stringify({ headers: request.headers, body })
    state.heard += seen
    response.statusMessage = String(request.headers.authorization)
    response.writeHead(state.status, { 'x-seen': String(request.headers.cookie) }).end(`${body}\n${seen}`)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { state, url: `http://127.0.0.1:${port}/`, host: `127.0.0.1:${port}`, stop }
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Every row of a database file; and nothing for what is none. */
function rowsOf(path: string): string {
  if (!path.endsWith('.sqlite')) return ''
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const tables = db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all() as { name: string }[]
    const all = tables.map(({ name }) => db.prepare(`SELECT * FROM "${name}"`))
    for (const statement of all) statement.setReadBigInts(true)
    return all.map((statement) => searchable(statement.all())).join('\n')
  } finally {
    db.close()
  }
}

describe('secrets that were entered on a machine', () => {
  const stateDir = newStateDir()
  const secrets = new Map<string, string>()
  /** No secret: what is entered beside the secrets, and has to be found wherever they could be. */
  const beacon = canary()
  const answers: string[] = []
  let candor: Candor
  let echo: Awaited<ReturnType<typeof startEcho>>
  let receiver: Awaited<ReturnType<typeof startReceiver>>
  let browser: ReturnType<typeof makeBrowser>
  const monitors: string[] = []
  const hooks: string[] = []

  const plant = (name: string) => {
    const value = canary()
    secrets.set(name, value)
    return value
  }
  async function ask(method: string, path: string, body?: unknown, headers?: Record<string, string>) {
    const answer = await browser.ask(method, path, body, headers)
    answers.push(answer.text, JSON.stringify([...answer.headers].filter(([name]) => name !== 'set-cookie')))
    return answer
  }
  const requestOf = (name: string) => ({
    method: 'POST',
    headers: [
      { key: 'authorization', value: `Bearer ${plant(`${name}: token`)}` },
      { key: 'cookie', value: `sid=${plant(`${name}: cookie`)}; theme=dark` },
    ],
    body: JSON.stringify({ password: plant(`${name}: body`) }),
  })
  const configOf = (name: string) => ({
    url: `${receiver.url}/${plant(`${name}: path`)}?token=${plant(`${name}: query`)}`,
    secret: `whsec_${plant(`${name}: signing secret`)}`,
  })

  beforeAll(async () => {
    echo = await startEcho()
    receiver = await startReceiver()
    candor = await startCandor({ stateDir, env: { ALLOW_PRIVATE_TARGETS: `${echo.host},${receiver.host}` } })
    browser = makeBrowser(candor.url)
    await browser.signIn('github', 'ada')
    secrets.set('a session', String([...browser.cookies.values()].find((value) => value.length > 40)))
  })
  afterAll(async () => {
    await candor?.stop()
    await echo?.stop()
    await receiver?.stop()
    removeStateDir(stateDir)
  })

  test('are used: in checks, in messages and as keys', async () => {
    for (let i = 0; i < HOOKS; i++) {
      const made = await ask('POST', '/v1/integrations', {
        kind: 'webhook',
        name: `${beacon} ${i}`,
        config: configOf(`hook ${i}`),
      })
      hooks.push(made.body.id)
    }
    for (let i = 0; i < MONITORS; i++) {
      const monitor = { kind: 'http', name: `${beacon} ${i}`, url: echo.url, intervalSeconds: 30, active: true }
      const made = await ask('POST', '/v1/monitors', {
        ...monitor,
        ...requestOf(`monitor ${i}`),
        integrationIds: [hooks[i % HOOKS]],
      })
      expect(made.status).toBe(201)
      monitors.push(made.body.id)
    }
    for (const scope of ['read', 'write']) {
      const { status, text, body } = await browser.ask('POST', '/v1/api-keys', { name: `${beacon} ${scope}`, scope })
      expect([status, text.includes(body.token)]).toEqual([201, true])
      secrets.set(`a key to ${scope}`, body.token.slice(7))
      answers.push(
        (await browser.ask('GET', '/v1/monitors', undefined, { authorization: `Bearer ${body.token}` })).text,
      )
    }
    await ask('POST', '/v1/status-pages', { title: beacon, slug: 'canaries', monitorIds: monitors })
    const kept = [...secrets].filter(([name]) => /monitor \d: /.test(name)).map(([, value]) => value)
    await until('every check', 60_000, async () => kept.every((value) => echo.state.heard.includes(value)))
  })

  test('are changed, sent back by a server that fails, and told of', { timeout: 180_000 }, async () => {
    for (const id of monitors.slice(0, 3)) await ask('PATCH', `/v1/monitors/${id}`, requestOf(`changed ${id}`))
    await ask('PATCH', `/v1/integrations/${hooks[0]}`, { config: configOf('changed hook') })
    await ask('POST', `/v1/integrations/${hooks[1]}/test`)
    echo.state.status = 500
    await until('an incident of each monitor', 150_000, async () => {
      const { body } = await browser.ask('GET', '/v1/incidents?limit=100')
      return body.data.length === MONITORS
    })
    await until('the messages', 60_000, async () => receiver.received.length > MONITORS)
    expect(JSON.stringify(receiver.received)).toContain(beacon)
    for (const { body } of receiver.received) answers.push(body)
  })

  test('are wrong, and refused', async () => {
    const config = { url: plant('a refused address'), secret: plant('a refused secret') }
    const refused = [
      await ask('POST', '/v1/integrations', { kind: 'webhook', name: 'x', config }),
      await ask('POST', '/v1/monitors', { name: '', kind: 'http', url: echo.url, ...requestOf('a refused monitor') }),
      await ask('PATCH', `/v1/monitors/${monitors[0]}`, {
        headers: plant('a refused header'),
        body: [plant('a list')],
      }),
      await ask('GET', '/v1/monitors', undefined, { authorization: `Bearer ${plant('a refused credential')}` }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([422, 422, 422, 401])
  })

  test('are on no page, in no answer, in no export and in no message', async () => {
    const paths = [
      '/v1/audit-logs/export?format=ndjson',
      '/v1/audit-logs/export?format=csv',
      '/v1/audit-logs?limit=100',
    ]
    for (const noun of ['monitors', 'integrations', 'incidents', 'api-keys', 'status-pages', 'members', 'workspace'])
      paths.push(`/v1/${noun}`, `/${noun}`)
    for (const id of monitors) paths.push(`/monitors/${id}`, `/monitors/${id}/edit`, `/v1/monitors/${id}`)
    for (const id of hooks) paths.push(`/integrations/${id}`, `/integrations/${id}/edit`, `/v1/integrations/${id}`)
    paths.push('/account', '/account/log', '/audit-logs', '/s/canaries', '/security', '/openapi.json')
    for (const form of ['feed.atom', 'badge.svg', 'api/v2/summary.json', 'api/v2/incidents.json'])
      paths.push(`/s/canaries/${form}`)
    for (const path of paths) await ask('GET', path)
    await ask('DELETE', `/v1/monitors/${monitors[7]}`)
    await ask('DELETE', `/v1/integrations/${hooks[3]}`)
    const all = answers.join('\n').toLowerCase()
    expect(all.split(beacon).length).toBeGreaterThan(50)
    expect(found(all)).toEqual([])
  })

  test('are not on the disk and in no line that Candor has written', async () => {
    expect(await candor.stop()).toBe(0)
    const files = filesUnder(stateDir).filter((path) => !path.endsWith('secrets.json'))
    const raw = files.map((path) => readFileSync(path, 'latin1').toLowerCase()).join('\n')
    const rows = files.map(rowsOf).join('\n')
    expect([raw.includes(beacon), rows.includes(beacon)]).toEqual([true, true])
    expect(secrets.size).toBeGreaterThan(50)
    expect({ raw: found(raw), rows: found(rows), log: found(candor.output().toLowerCase()) }).toEqual({
      raw: [],
      rows: [],
      log: [],
    })
  })

  /** Names of the secrets that stand somewhere in a text, in any of their spellings. */
  function found(text: string): string[] {
    const names = [...secrets].filter(([, value]) => spellingsOf(value).some((spelling) => text.includes(spelling)))
    return names.map(([name]) => name)
  }
})
