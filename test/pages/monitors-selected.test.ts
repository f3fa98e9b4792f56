import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test } from 'vitest'
import { newMember } from '../lib/audit.ts'
import { ask, MONITOR, newPerson, type Person } from '../lib/candor.ts'

let person: Person
let ids: string[]
beforeEach(async () => {
  person = await newPerson()
  ids = []
  for (const name of ['Shop', 'API', 'Blog'])
    ids.push((await ask('POST', '/v1/monitors', { as: person, body: { ...MONITOR, name, active: true } })).body.id)
})

const send = (verb: string, chosen: string[], as = person, status = '') =>
  ask('POST', `/monitors/selected/${verb}`, {
    as,
    form: [...chosen.map((id): [string, string] => ['ids', id]), ['status', status]],
  })
const monitors = async (): Promise<{ id: string; active: boolean }[]> =>
  (await ask('GET', '/v1/monitors', { as: person })).body.data
const activeOf = async () => {
  const all = new Map((await monitors()).map(({ id, active }) => [id, active]))
  return ids.map((id) => all.get(id))
}
const entries = async (action: string) =>
  (await ask('GET', `/v1/audit-logs?action=${action}`, { as: person })).body.data.map(
    ({ entity }: { entity: { id: string } }) => entity.id,
  )

describe('monitors that are chosen in the list', () => {
  test('are paused and resumed together, each with an entry of its own, and the list is the same as before', async () => {
    const [shop = '', api = ''] = ids
    const paused = await send('pause', [shop, api], person, 'up')
    expect([paused.status, paused.headers.get('location')]).toEqual([303, '/monitors?status=up'])
    expect(await activeOf()).toEqual([false, false, true])
    expect((await entries('monitor.pause')).toSorted()).toEqual([shop, api].toSorted())
    expect((await send('resume', ids)).headers.get('location')).toBe('/monitors')
    expect(await activeOf()).toEqual([true, true, true])
    expect(await entries('monitor.resume')).toHaveLength(2)
  })

  test('that are paused already are let be, and make no entry', async () => {
    await send('pause', ids)
    expect((await send('pause', ids)).status).toBe(303)
    expect(await entries('monitor.pause')).toHaveLength(3)
  })

  test('are deleted after a page that names them, and no other', async () => {
    const [shop = '', api = ''] = ids
    const confirm = await ask('GET', `/monitors/selected/delete?ids=${shop}&ids=${api}`, { as: person })
    expect(confirm.text).toContain('Delete 2 monitors?')
    expect([...confirm.text.matchAll(/name="ids" value="([^"]+)"/g)].map(([, id]) => id).toSorted()).toEqual(
      [shop, api].toSorted(),
    )
    expect(await monitors()).toHaveLength(3)
    expect((await send('delete', [shop, api])).status).toBe(303)
    expect((await monitors()).map(({ id }) => id)).toEqual([ids[2]])
  })

  test('have to be some, and not more than a hundred', async () => {
    for (const [chosen, message] of [
      [[], 'Choose at least one monitor.'],
      [Array.from({ length: 101 }, (_, i) => `mon_${i}`), 'Choose at most 100 monitors.'],
    ] as const) {
      const { status, text } = await send('pause', [...chosen])
      expect([status, text.includes(message), /<title>Error: Monitors/.test(text)]).toEqual([422, true, true])
    }
    expect((await ask('GET', '/monitors/selected/delete', { as: person })).headers.get('location')).toBe('/monitors')
  })

  test('of another workspace are not touched, whoever names them', async () => {
    const eve = await newPerson('Eve')
    for (const verb of ['pause', 'delete']) expect((await send(verb, ids, eve)).status).toBe(303)
    const { headers } = await ask('GET', `/monitors/selected/delete?ids=${ids[0]}`, { as: eve })
    expect(headers.get('location')).toBe('/monitors')
    expect(await activeOf()).toEqual([true, true, true])
  })

  test('stay chosen when a change could not be made, and the page says how many and why', async () => {
    await env.DB.exec(
      "CREATE TRIGGER no_pause BEFORE UPDATE ON monitor WHEN NEW.name = 'API' BEGIN SELECT RAISE(ABORT, 'UNIQUE'); END",
    )
    try {
      const { status, text } = await send('pause', ids)
      expect(status).toBe(409)
      expect(text).toContain('1 monitor was not paused. Somebody changed this at the same moment.')
      expect(text.match(/name="ids"[^>]* checked/g)).toHaveLength(3)
      expect(await activeOf()).toEqual([false, true, false])
    } finally {
      await env.DB.exec('DROP TRIGGER no_pause')
    }
  })

  test('are offered to nobody who may only read', async () => {
    const viewer = await newMember(person, 'viewer')
    expect((await ask('GET', '/monitors', { as: person })).text.match(/type="checkbox"/g)).toHaveLength(3)
    expect((await ask('GET', '/monitors', { as: viewer })).text).not.toContain('type="checkbox"')
    expect((await send('pause', ids, viewer)).status).toBe(403)
    expect(await activeOf()).toEqual([true, true, true])
  })
})
