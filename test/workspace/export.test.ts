import { beforeEach, describe, expect, test, vi } from 'vitest'
import { TENANTS } from '../../workers/app/db/tenants.ts'
import { EXPORTED, NOT_EXPORTED } from '../../workers/app/services/workspace/export-parts.ts'
import { get } from '../lib/audit.ts'
import { ask, MONITOR, newApiKey, type Person } from '../lib/candor.ts'
import { rowsOf, statement, tableNames, tableOf } from '../lib/database.ts'
import { idsIn, quietWorld, rowsOfWorld, type World } from '../lib/isolation.ts'
import { soundLog } from '../lib/log.ts'
import { monitoringOf } from '../lib/monitoring.ts'
import { canary, spellingsOf } from '../lib/spellings.ts'
import { made, settled } from '../lib/world.ts'

const PATH = '/v1/workspace/export'

let ada: World
let reader: string
beforeEach(async () => {
  ada = await quietWorld('Ada')
  reader = (await newApiKey(ada.person, 'read')).token
})

type Line = Record<string, unknown> & { candor?: string; leftOut?: { what: string; why: string }[] }

async function copyOf(as: Person | string): Promise<Line[]> {
  const { status, text } = await get(as, PATH)
  expect(status).toBe(200)
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** Tables of the database with rows of a workspace. */
async function tenantTables(): Promise<string[]> {
  const names = []
  for (const name of await tableNames()) {
    const { columns } = await tableOf(name)
    if (columns.includes('workspace_id') || columns.includes('log_id')) names.push(name)
  }
  return names
}

describe('what belongs to a workspace', () => {
  test('is in its copy, or left out for a reason: the next table too, before anybody remembers', async () => {
    const tables = await tenantTables()
    const decided = [...Object.keys(EXPORTED), ...Object.keys(NOT_EXPORTED)]
    expect(decided.toSorted()).toEqual(tables.toSorted())
    for (const reason of Object.values(NOT_EXPORTED)) expect(reason.length).toBeGreaterThan(20)
  })

  test('goes when it ends: every table is on the list of those that are emptied', async () => {
    const log = ['audit_log', 'audit_body', 'audit_person']
    const tables = (await tenantTables()).filter((name) => !log.includes(name))
    expect(Object.keys(TENANTS).toSorted()).toEqual(tables.toSorted())
    for (const [name, { key }] of Object.entries(TENANTS)) {
      const { key: columns } = await tableOf(name)
      const own = key.map((column) => column.name)
      expect([name, columns.filter((column) => !own.includes(column))]).toEqual([
        name,
        name === 'workspace' || name === 'log_finding' || name === 'session' ? [] : ['workspace_id'],
      ])
    }
  })
})

describe('a copy of a workspace', () => {
  test('has every row of every table that is in it, and says what is not', async () => {
    // Noted after the answer, and so there for the next one.
    await ask('GET', '/v1/monitors', { as: reader })
    const lines = await copyOf(reader)
    for (const name of Object.keys(EXPORTED)) {
      const rows = (await rowsOf(name)).filter((row) => row.workspace_id === ada.person.workspaceId)
      expect([name, rows.length]).toEqual([name, expect.toSatisfy((count) => count > 0)])
      expect([name, lines.filter(({ candor }) => candor === name).length]).toEqual([name, rows.length])
    }
    expect(lines[0]).toMatchObject({ candor: 'workspace-export', v: 1, workspace: ada.person.workspaceId })
    const leftOut = lines[0]?.leftOut ?? []
    expect(leftOut.map(({ what }) => what)).toEqual(expect.arrayContaining(['workspace_key', 'results', 'evidence']))
    expect(lines.at(-1)).toEqual({ end: lines.length - 1 })
    const [member] = lines.filter(({ candor }) => candor === 'membership')
    expect(member).toMatchObject({ id: ada.userId, name: 'Ada', role: 'owner' })
    expect(lines.find(({ candor }) => candor === 'invitation')?.email).toContain('@guest.test')
  })

  test('is an entry of the log, of which it says the number', async () => {
    const [header] = await copyOf(reader)
    const entries = await soundLog(ada.person.workspaceId)
    const { leaf } = entries.at(-1) ?? expect.unreachable()
    expect(leaf).toMatchObject({
      action: 'workspace.export',
      seq: header?.entry,
      actor: { type: 'api_key' },
      outcome: 'ok',
    })
  })

  test('has nothing of another workspace in it, and is made by nobody else', async () => {
    const eve = await quietWorld('Eve')
    const { text } = await get(reader, PATH)
    const theirs = idsIn(await rowsOfWorld(eve)).filter(([noun]) => noun !== 'request')
    expect(theirs.length).toBeGreaterThan(8)
    expect(theirs.filter(([, id]) => text.includes(id))).toEqual([])
    for (const path of [`${PATH}?workspaceId=${eve.workspaceId}`, `${PATH}?id=${eve.workspaceId}`])
      expect((await ask('GET', path, { as: reader })).status).toBe(422)
    expect((await ask('GET', PATH)).status).toBe(401)
  })

  test('has no secret in it, only that it is set', async () => {
    const [header, body, hook] = [canary(), canary(), canary()]
    const config = { url: `https://hooks.example/${hook}` }
    await made(ada.person, 'integration.create', { kind: 'webhook', name: 'Secret', config })
    const headers = [{ key: 'authorization', value: header }]
    await made(ada.person, 'monitor.create', { ...MONITOR, name: 'Secret', method: 'POST', headers, body })
    const { text } = await get(reader, PATH)
    const hashes = (await rowsOf('api_key')).map(({ hash }) => String(hash))
    const salts = (await rowsOf('workspace_key')).map(({ salt }) => String(salt))
    const needles = [header, body, hook, reader].flatMap(spellingsOf)
    expect([...needles, ...hashes, ...salts].filter((needle) => text.toLowerCase().includes(needle))).toEqual([])
    expect(text).toMatch(/"name":"Secret"[^\n]*"headers":\{"set":true,"fingerprint":"[0-9a-f]{16}"\}/)
    expect(text).toMatch(/"config":\{"url":\{"set":true,"fingerprint":/)
  })

  test('has the days and outages of each monitor', async () => {
    await made(ada.person, 'monitor.resume', { id: ada.downId })
    await settled()
    const scheduler = monitoringOf(ada.person.workspaceId)
    await vi.waitFor(async () => {
      const [history] = await scheduler.history([ada.downId])
      expect(history?.days.at(-1)?.checks).toBeGreaterThan(0)
    }, 10_000)
    const lines = (await copyOf(reader)).filter(({ candor }) => candor === 'history')
    expect(lines.map(({ monitorId }) => monitorId).toSorted()).toEqual([ada.monitorId, ada.downId].toSorted())
    const history = lines.find(({ monitorId }) => monitorId === ada.downId)
    expect(history?.days).toEqual([expect.objectContaining({ checks: expect.any(Number), p95: expect.any(Number) })])
    expect(history?.outages).toEqual([])
  })

  test('is read page by page, each row once, however many there are', async () => {
    const ids = JSON.stringify(Array.from({ length: 450 }, (_, i) => `out_${String(i).padStart(11, '0')}`))
    await statement(
      `INSERT INTO delivery SELECT ?, value, '', 'mail.x', NULL, NULL, 'failed', 1, '', 0, NULL FROM json_each(?)`,
      ada.person.workspaceId,
      ids,
    ).run()
    const lines = (await copyOf(reader)).filter(({ candor, event }) => candor === 'delivery' && event === 'mail.x')
    expect(new Set(lines.map(({ id }) => id)).size).toBe(450)
    expect(lines).toHaveLength(450)
  })

  test('can be downloaded from the settings, under a name that says of what it is', async () => {
    const { status, headers, text } = await get(ada.person, '/settings/export')
    expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson'])
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="workspace-ws_\w+-\d+\.ndjson"$/)
    expect(text.split('\n').length).toBeGreaterThan(10)
    expect((await ask('GET', '/settings', { as: ada.person })).text).toContain('href="/settings/export"')
  })
})
