import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { WorkspaceId } from '../../shared/ids.ts'
import { MAX_OWNED } from '../../workers/app/services/limits.ts'
import { ask, newPerson, newWorkspaceId, type Person } from '../lib/candor.ts'
import { watchedDatabase } from '../lib/d1.ts'
import { pastTheGates, statement } from '../lib/database.ts'
import { DASHBOARD_ROUTES, pathTo } from '../lib/routes.ts'

afterEach(() => vi.restoreAllMocks())

interface Belongs {
  name: string
  role?: 'owner' | 'viewer'
  endsAt?: number | null
}

/** Lets a person belong to another workspace. */
async function belong(person: Person, { name, role = 'viewer', endsAt = null }: Belongs): Promise<WorkspaceId> {
  const id = newWorkspaceId()
  await pastTheGates([
    statement(`INSERT INTO workspace (workspace_id, name, plan, created_at) VALUES (?, ?, 'free', 0)`, id, name),
    statement('UPDATE workspace SET ends_at = ? WHERE workspace_id = ?', endsAt, id),
    statement('INSERT INTO membership VALUES (?, ?, ?, 0)', id, person.userId, role),
  ])
  return id
}

/** What the menu at the top of a page says. */
function menuOf(html: string) {
  const [, menu = ''] = /<details><summary class="choice switcher">(.*?)<\/details>/s.exec(html) ?? []
  const choices = [...menu.matchAll(/action="\/workspaces\/([^/]+)\/switch"><button[^>]*><span[^>]*>([^<]*)</g)]
  return {
    current: [...menu.matchAll(/aria-current="true">.*?<span[^>]*>([^<]*)</gs)].map(([, name]) => name),
    choices: choices.map(([, id, name]) => [id, name]),
    links: [...menu.matchAll(/href="(\/[^"]*)"/g)].map(([, href]) => href).filter((href) => !href?.includes('sprite')),
  }
}

const menuFor = async (as: Person) => menuOf((await ask('GET', '/monitors', { as })).text)
const ALL = '/workspaces'
const NEW = '/workspaces/new'

describe('the menu of workspaces', () => {
  test('has the one that somebody is in, marked, then the others by name, and leads on by the form that switches', async () => {
    const ada = await newPerson()
    const [zoo, arts] = [await belong(ada, { name: 'Zoo' }), await belong(ada, { name: 'Arts', role: 'owner' })]
    await belong(await newPerson('Eve'), { name: 'Others' })
    const menu = await menuFor(ada)
    expect(menu.current).toEqual(['Ada Lovelace&#39;s workspace'])
    expect(menu.choices).toEqual([
      [arts, 'Arts'],
      [zoo, 'Zoo'],
    ])
    expect(menu.links).toEqual([ALL, NEW])
    const switched = await ask('POST', `/workspaces/${zoo}/switch`, { as: ada })
    const [cookie = ''] = switched.headers.getSetCookie()[0]?.split(';') ?? []
    const there = menuOf((await ask('GET', '/monitors', { headers: { cookie } })).text)
    expect([there.current, there.choices.length]).toEqual([['Zoo'], 2])
  })

  test('holds eight, the one that somebody is in among them, and leads to all of them', async () => {
    const ada = await newPerson()
    for (let i = 0; i < 12; i++) await belong(ada, { name: `A ${10 + i}` })
    const menu = await menuFor(ada)
    expect([menu.current.length, menu.choices.length]).toEqual([1, 7])
    expect(menu.choices.map(([, name]) => name)).toEqual(['A 10', 'A 11', 'A 12', 'A 13', 'A 14', 'A 15', 'A 16'])
    expect(menu.links).toContain(ALL)
    const { text } = await ask('GET', ALL, { as: ada })
    expect(text.match(/\/switch"/g)).toHaveLength(12)
  })

  test('has one that is being deleted, which can be kept, and none that is over', async () => {
    const ada = await newPerson()
    await belong(ada, { name: 'Ending', endsAt: Date.now() + 86_400_000 })
    await belong(ada, { name: 'Over', endsAt: Date.now() - 1 })
    expect((await menuFor(ada)).choices.map(([, name]) => name)).toEqual(['Ending'])
  })

  test('offers a new one to whoever may have another', async () => {
    const ada = await newPerson()
    for (let i = 2; i < MAX_OWNED; i++) await belong(ada, { name: 'x', role: 'owner' })
    await belong(ada, { name: 'of others' })
    expect((await menuFor(ada)).links).toEqual([ALL, NEW])
    await belong(ada, { name: 'the last', role: 'owner' })
    expect((await menuFor(ada)).links).toEqual([ALL])
  })

  test('writes a name as text, whatever it is', async () => {
    const ada = await newPerson()
    await belong(ada, { name: '</summary><script>alert(1)</script>' })
    const { text } = await ask('GET', '/monitors', { as: ada })
    expect(text).toContain('&lt;/summary&gt;&lt;script&gt;')
    expect(text).not.toContain('<script>alert')
  })
})

describe('what the menu costs', () => {
  let ada: Person
  beforeAll(async () => {
    ada = await newPerson()
    await belong(ada, { name: 'Another' })
  })

  const PAGES = DASHBOARD_ROUTES.filter(({ method, path }) => method === 'GET' && !path.includes(':'))

  test('is no round trip to the database: it travels with what the page reads', async () => {
    const seen: string[] = []
    for (const { path } of PAGES) {
      const batch = vi.spyOn(Object.getPrototypeOf(env.DB), 'batch')
      const { text } = await ask('GET', pathTo(path, 'x'), { as: ada })
      const asked = batch.mock.calls.filter(([statements]) => {
        const all = (statements as { statement: string }[]).map(({ statement }) => statement)
        return all.some((sql) => sql.includes('count(*) FILTER'))
      })
      batch.mockRestore()
      if (!text.includes('<summary class="choice switcher">')) continue
      seen.push(path)
      expect([path, asked.length]).toEqual([path, 1])
      const [first] = asked.flatMap(([statements]) => statements as { statement: string }[])
      expect([path, first?.statement]).toEqual([path, expect.stringMatching(/from "session" inner join "user"/)])
    }
    expect(seen).toEqual(expect.arrayContaining(['/monitors', '/incidents', '/settings', '/account', '/audit-logs']))
  })

  test('is a few rows for each workspace, whoever else there is', async () => {
    const watched = watchedDatabase()
    await ask('GET', '/monitors', { as: ada, env: watched.env })
    const [menu, ...more] = watched.ran.filter(({ sql }) => sql.includes('count(*) FILTER'))
    expect(more).toEqual([])
    expect(menu?.rowsRead).toBeLessThanOrEqual(15)
  })

  test('is nothing where a program asks', async () => {
    const watched = watchedDatabase()
    expect((await ask('GET', '/v1/monitors', { as: ada, env: watched.env })).status).toBe(200)
    expect(watched.ran.filter(({ sql }) => sql.includes('count(*) FILTER'))).toEqual([])
  })
})
