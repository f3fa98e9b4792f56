import { describe, expect, test } from 'vitest'
import { unwrap } from '../../shared/errors.ts'
import type { MutationAnswer } from '../../workers/app/workspace/request.ts'
import { ask, MONITOR, mutateAs, newPerson } from '../lib/candor.ts'
import { readLog, soundLog } from '../lib/log.ts'
import { bySystem, CAUSE, made, newSlug } from '../lib/world.ts'

describe('a change that takes others with it', () => {
  test.each(['monitor.pause', 'monitor.delete'])('%s ends the open incident in the same entry', async (action) => {
    const person = await newPerson()
    const id = await made(person, 'monitor.create', { ...MONITOR, active: true, intervalSeconds: 3600 })
    const outage = { monitorId: id, startedAt: Date.now(), cause: CAUSE }
    const { entityId: incidentId } = unwrap<MutationAnswer>(await bySystem(person, 'incident.open', outage))
    const count = (await readLog(person.workspaceId)).length
    unwrap(await mutateAs(person, action, { id }))
    const entries = await soundLog(person.workspaceId)
    expect(entries).toHaveLength(count + 1)
    const { leaf } = entries.at(-1) ?? expect.unreachable()
    if (action === 'monitor.pause') {
      expect(leaf.after).toMatchObject({ active: false, resolvedIncidentId: incidentId })
      const { body } = await ask('GET', `/v1/incidents/${incidentId}`, { as: person })
      expect(body.resolvedAt).toEqual(expect.any(String))
    } else expect((await ask('GET', `/v1/incidents/${incidentId}`, { as: person })).status).toBe(404)
  })

  test('the deletion of a monitor names the pages that lose it, and that of an integration the monitors', async () => {
    const person = await newPerson()
    const webhook = { kind: 'webhook', name: 'On call', config: { url: 'https://hooks.example' } }
    const integration = await made(person, 'integration.create', webhook)
    const monitors: string[] = []
    for (const name of ['One', 'Two'])
      monitors.push(await made(person, 'monitor.create', { ...MONITOR, name, integrationIds: [integration] }))
    const pages: string[] = []
    for (const title of ['First', 'Second'])
      pages.push(await made(person, 'status_page.create', { title, slug: newSlug(), monitorIds: monitors }))
    const lastEntry = async () => (await soundLog(person.workspaceId)).at(-1)?.leaf
    unwrap(await mutateAs(person, 'integration.delete', { id: integration }))
    expect(await lastEntry()).toMatchObject({ before: { monitorIds: monitors.toSorted() }, after: null })
    unwrap(await mutateAs(person, 'monitor.delete', { id: monitors[0] }))
    expect(await lastEntry()).toMatchObject({ before: { statusPageIds: pages.toSorted() }, after: null })
  })

  test('a status page of a hundred monitors is one entry that names them all, in order', {
    timeout: 30_000,
  }, async () => {
    const person = await newPerson()
    const monitorIds: string[] = []
    for (let i = 0; i < 100; i++)
      monitorIds.push(await made(person, 'monitor.create', { ...MONITOR, name: `No. ${i}` }))
    const created = await ask('POST', '/v1/status-pages', {
      as: person,
      body: { title: 'All', slug: newSlug(), monitorIds },
    })
    expect([created.status, created.body.monitorIds]).toEqual([201, monitorIds])
    const turned = monitorIds.toReversed()
    const path = `/v1/status-pages/${created.body.id}`
    expect((await ask('PATCH', path, { as: person, body: { monitorIds: turned } })).status).toBe(200)
    expect((await ask('GET', path, { as: person })).body.monitorIds).toEqual(turned)
    const { leaf } = (await soundLog(person.workspaceId)).at(-1) ?? expect.unreachable()
    expect(leaf).toMatchObject({
      before: { monitorIds },
      after: { monitorIds: turned },
      changed: expect.arrayContaining(['monitorIds']),
    })
  })
})
