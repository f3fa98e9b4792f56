import { beforeAll, describe, expect, test, vi } from 'vitest'
import { LIMITS } from '../../workers/app/services/limits.ts'
import { get, growLog, setPlan } from '../lib/audit.ts'
import { ask, newPerson, type Person } from '../lib/candor.ts'
import { watchedDatabase } from '../lib/d1.ts'
import { nextSeq } from '../lib/database.ts'
import { leavesOf } from '../lib/varied-log.ts'

const HOUR_MS = 3_600_000
const HOURS = LIMITS.free.auditHours
const OLD = 3000
const RECENT = 70

let person: Person
beforeAll(async () => {
  person = await newPerson()
  const { workspaceId } = person
  const now = Date.now()
  const told = (name: string, ago: number) => () => ({ at: now - ago, action: `test.${name}` })
  await growLog(workspaceId, OLD, told('old', (HOURS + 1) * HOUR_MS))
  await growLog(workspaceId, RECENT, told('recent', (HOURS - 1) * HOUR_MS))
  await setPlan(person, 'free')
})

const page = (query = '') => ask('GET', `/audit-logs${query}`, { as: person })
const count = (html: string, action: string) => html.split(`<code>${action}</code>`).length - 1

describe('on the free plan the page of the log', () => {
  test('has the entries of the last hours, all of them, and none that is older', async () => {
    let path: string | undefined = ''
    let recent = 0
    let pages = 0
    while (path !== undefined) {
      const { status, text } = await page(path)
      expect([status, count(text, 'test.old')]).toEqual([200, 0])
      recent += count(text, 'test.recent')
      pages++
      path = /href="\/audit-logs(\?cursor=[^"]+)"/.exec(text)?.[1]
    }
    expect([recent, pages]).toEqual([RECENT, 2])
  })

  test('says what Pro adds, and has no filter, no export and no link to either', async () => {
    const { text } = await page('?action=test.old')
    expect(text).toContain('The rest of the log is part of Pro')
    expect(text).toContain(`The last ${HOURS} hours.`)
    expect(text).not.toMatch(/\/audit-logs\?(?:actor|entity|action)|\/audit-logs\/export|<select/)
    expect(count(text, 'test.old')).toBe(0)
  })

  test('does not go further back by a cursor that somebody made', async () => {
    for (const seq of [0, 5, OLD]) {
      const { status, text } = await page(`?cursor=${btoa(JSON.stringify([seq])).replaceAll('=', '')}`)
      expect([status, count(text, 'test.old'), count(text, 'test.recent')]).toEqual([200, 0, 0])
    }
  })

  test('reads no row of the older ones', async () => {
    await page()
    const { env, ran } = watchedDatabase()
    await ask('GET', '/audit-logs', { as: person, env })
    const read = ran
      .filter(({ sql }) => sql.includes('"audit_body"."leaf"'))
      .map(({ rowsRead }) => rowsRead ?? Infinity)
    // What is refused reads its own row; the other one the page, its tree and its people, and where they begin by halving.
    expect(Math.max(...read)).toBeLessThan(OLD / 10)
  })

  test('is noted once an hour, as a reading', async () => {
    const readings = async () =>
      (await leavesOf(person.workspaceId)).filter(({ leaf }) => leaf.action === 'audit_log.read').length
    await page()
    const before = await readings()
    await page()
    expect([before, await readings()]).toEqual([1, 1])
  })
})

test('everything else of the log is refused on the free plan, before an entry is read', async () => {
  const size = await nextSeq(person.workspaceId)
  for (const path of ['/v1/audit-logs', `/v1/audit-logs/${OLD}`, '/v1/audit-logs/export?format=ndjson'])
    expect([path, (await get(person, path)).status]).toEqual([path, 402])
  const upgrade = await get(person, '/audit-logs/export?format=csv')
  expect([upgrade.status, upgrade.text.includes('Exports are part of Pro')]).toEqual([402, true])
  expect(await nextSeq(person.workspaceId)).toBe(size)
})

test('a workspace that moves to Pro reads all of it at once', async () => {
  const other = await newPerson()
  await setPlan(other, 'free')
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  expect((await ask('GET', '/audit-logs', { as: other })).text).not.toContain('Export NDJSON')
  await setPlan(other, 'pro')
  expect((await ask('GET', '/audit-logs', { as: other })).text).toContain('Export NDJSON')
})
