import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { WorkspaceId } from '../../shared/ids.ts'
import { nightlyPass } from '../lib/audit.ts'
import { ask, MONITOR, type Person } from '../lib/candor.ts'
import { checkedLog } from '../lib/checked-log.ts'
import { pastTheGates, statement } from '../lib/database.ts'

/** Texts that no entry has. */
const TEXTS = ['{"log":', '{}', 'null', '{"at":1e300,"action":"x"}']

let logs: { person: Person; logId: WorkspaceId }[]
let monitorId: string

// Everything is made before: nothing can be written to the table that takes such texts.
beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  logs = []
  for (const _ of TEXTS) logs.push(await checkedLog())
  const [{ person, logId }] = logs as [(typeof logs)[number]]
  monitorId = (await ask('POST', '/v1/monitors', { as: person, body: MONITOR })).body.id
  // That each of them reads their log, is noted once an hour.
  for (const { person } of logs) expect((await ask('GET', '/audit-logs', { as: person })).status).toBe(200)
  // As somebody who may change the schema: a table of the same name that checks nothing.
  await pastTheGates([
    statement('CREATE TABLE other AS SELECT * FROM audit_body'),
    statement('DROP TABLE audit_body'),
    statement('ALTER TABLE other RENAME TO audit_body'),
    ...logs.map((log, i) =>
      statement('UPDATE audit_body SET leaf = ? WHERE log_id = ? AND seq = 3', TEXTS[i] ?? '', log.logId),
    ),
    statement(`UPDATE audit_body SET leaf = '{}' WHERE log_id = ? AND entity_id = ?`, logId, monitorId),
  ])
})

describe('a text that is no entry, put where the database would take none', () => {
  test('is found at night', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    for (const { person, logId } of logs) {
      expect((await nightlyPass(logId)).checked.finding).toEqual({ verdict: 'altered', entry: 3 })
      const { text } = await ask('GET', '/audit-logs/verification', { as: person })
      expect(text).toContain('This log does not verify: altered, first bad entry #3.')
    }
  })

  test('is said to be just that, on the page and over the API, and its neighbours are shown', async () => {
    for (const { person } of logs) {
      for (const path of ['/audit-logs', '/v1/audit-logs', '/v1/audit-logs/3']) {
        const { status, text } = await ask('GET', path, { as: person })
        expect([path, status]).toEqual([path, 503])
        expect(text).toContain('One of these entries is not what an entry is: somebody changed it in the database.')
      }
      expect((await ask('GET', '/v1/audit-logs/2', { as: person })).status).toBe(200)
    }
  })

  test('takes nothing else from the page of its monitor', async () => {
    const { status, text } = await ask('GET', `/monitors/${monitorId}`, { as: logs[0]?.person })
    expect(status).toBe(200)
    expect(text).toContain('One of these entries was changed in the database, so none is shown.')
  })
})
