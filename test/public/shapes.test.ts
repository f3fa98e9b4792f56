import { describe, expect, test } from 'vitest'
import { faultsOf } from '../lib/atom.ts'
import { ask, newPerson } from '../lib/candor.ts'
import { fireAlarm, MINUTE, newMonitor, newWatched, rounds, setClock, useClock } from '../lib/monitoring.ts'
import { DOWN, GOOD } from '../lib/probe.ts'
import { STATUS_PAGE_ROUTES } from '../lib/routes.ts'
import { publish } from '../lib/status-page.ts'
import { SHAPES, shapeFaults } from '../lib/statuspage-shape.ts'

useClock()

const JSON_ROUTES = STATUS_PAGE_ROUTES.filter((route) => route.includes('/api/'))

describe('what programs read is of the documented shape', () => {
  test('of every address there is', () => {
    expect(JSON_ROUTES.map((route) => route.replace('/s/:slug/api/v2/', '')).toSorted()).toEqual(
      Object.keys(SHAPES).toSorted(),
    )
  })

  test('in every state: nothing to show, up, down, recovered, not known', async () => {
    const { person, stub } = await newWatched()
    const wrong: string[] = []
    const look = async (slug: string, wanted: string) => {
      for (const route of JSON_ROUTES) {
        const { status, body } = await ask('GET', route.replace(':slug', slug))
        expect(status).toBe(200)
        wrong.push(...shapeFaults(route, body).map((fault) => `${wanted}, ${route}: ${fault}`))
        if (body.status) expect(body.status.indicator).toBe(wanted)
      }
      const feed = await ask('GET', `/s/${slug}/feed.atom`)
      wrong.push(...faultsOf(feed.text).map((fault) => `${wanted}, feed: ${fault}`))
    }
    await look(await publish(person, []), 'minor')
    const shop = await newMonitor(person, { name: 'Shop' })
    await fireAlarm(stub)
    const slug = await publish(person, [shop])
    await look(slug, 'none')
    await rounds(stub, 3, DOWN)
    await look(slug, 'critical')
    await rounds(stub, 3, GOOD)
    await look(slug, 'none')
    await setClock(Date.now() + 10 * MINUTE)
    await look(slug, 'minor')
    expect(wrong).toEqual([])
  })

  test('and another shape is seen as one', async () => {
    const { body } = await ask('GET', `/s/${await publish(await newPerson(), [])}/api/v2/status.json`)
    expect(shapeFaults('status.json', body)).toEqual([])
    for (const other of [{}, { ...body, more: 1 }, { ...body, status: { ...body.status, indicator: 'unknown' } }])
      expect(shapeFaults('status.json', other)).toHaveLength('page' in other ? 1 : 2)
  })
})
