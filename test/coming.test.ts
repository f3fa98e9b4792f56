import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Env } from '../workers/app/bindings.ts'
import { ask, newPerson, type Person } from './lib/candor.ts'
import { DOWN, probeChanges, probeSays } from './lib/probe.ts'
import { lead, openPage } from './lib/streamed.ts'
import { newWorld } from './lib/world.ts'
import { PAYLOADS } from './pages/payloads.ts'
import { countOf, textOf } from './pages/render.ts'

beforeEach(() => probeSays({}))

describe('"Check now"', () => {
  /** A monitor that is made, has had its first check, and is due in an hour. */
  async function watched(): Promise<{ person: Person; id: string }> {
    const person = await newPerson()
    const input = { name: 'Shop', kind: 'http', url: 'https://shop.example', intervalSeconds: 3600 }
    const { body } = await ask('POST', '/v1/monitors', { as: person, body: input })
    const page = await openPage(`/monitors/${body.id}/check?since=${Date.now() - 1000}`, { as: person })
    await page.until('It answered 200.')
    await page.rest()
    // The moment below is known to the second.
    await new Promise((go) => setTimeout(go, 1100))
    return { person, id: body.id }
  }

  test('shows the check as it is made, and where the monitor is', async () => {
    const { person, id } = await watched()
    await probeSays({ hold: true, status: 204, latencyMs: 7 })
    const page = await openPage(await lead(person, `/monitors/${id}/check`, {}), { as: person })
    expect(await page.until('The check is on its way')).not.toContain('It answered')
    await probeChanges({ hold: false })
    const whole = await page.rest()
    expect(countOf(whole, /It answered \d+\./g)).toBe(1)
    expect(textOf(whole)).toContain('Shop answered 204 in 7 ms.')
    expect(whole).toContain(`href="/monitors/${id}"`)
  })

  test('that fails shows the checks that follow, until an incident opens', async () => {
    const { person, id } = await watched()
    await probeSays({ ...DOWN, errorClass: 'timeout' })
    const page = await openPage(await lead(person, `/monitors/${id}/check`, {}), { as: person })
    const whole = await page.rest()
    expect(countOf(whole, /No answer came in time\./g)).toBe(3)
    expect(textOf(whole)).toContain('Shop did not answer: no answer came in time.')
  })

  test('shows nothing of what the target says', async () => {
    const { person, id } = await watched()
    const [payload = ''] = PAYLOADS
    await probeSays({ status: 500, errorClass: 'http', message: payload, evidence: { body: payload } })
    const page = await openPage(await lead(person, `/monitors/${id}/check`, {}), { as: person })
    expect(await page.until('It answered 500.')).not.toContain('alert(1)')
    await page.leave()
  })

  test('waits for nothing when it is opened later, and says so of a monitor that is paused', async () => {
    const { person, id } = await watched()
    const begun = Date.now()
    const later = await ask('GET', `/monitors/${id}/check?since=${begun - 120_000}`, { as: person })
    expect(textOf(later.text)).toContain('Shop answered 200')
    await ask('POST', `/v1/monitors/${id}/pause`, { as: person })
    const paused = await ask('GET', `/monitors/${id}/check?since=${Date.now()}`, { as: person })
    expect(textOf(paused.text)).toContain('This monitor is paused, so it is not checked.')
    expect(Date.now() - begun).toBeLessThan(10_000)
  })
})

describe('"Send a test"', () => {
  test('shows each try with what the receiver said, and that it is sent again', async () => {
    const { person, integrationId } = await newWorld('Barbara')
    await probeSays({ send: { status: 500, errorClass: 'http' } })
    const page = await openPage(await lead(person, `/integrations/${integrationId}/test`, {}), { as: person })
    await page.until('The receiver answered 500.')
    await page.until('It is sent again')
    await probeChanges({ send: { status: 204, errorClass: 'none' } })
    const whole = await page.rest()
    expect(textOf(whole)).toContain('Delivered: the receiver answered 204.')
    expect(textOf(whole)).toContain('The message was delivered.')
  })

  test('that is refused for good says so', async () => {
    const { person, integrationId } = await newWorld('Barbara')
    await probeSays({ send: { status: 410, errorClass: 'http' } })
    const page = await openPage(await lead(person, `/integrations/${integrationId}/test`, {}), { as: person })
    expect(textOf(await page.rest())).toContain('The message was not delivered, and is not sent again.')
  })

  test('of another workspace is not known, and of what is no message there is nothing', async () => {
    const [ada, eve] = [await newWorld('Ada'), await newWorld('Eve')]
    await probeSays({ send: { status: 204, errorClass: 'none' } })
    const to = await lead(ada.person, `/integrations/${ada.integrationId}/test`, {})
    await (await openPage(to, { as: ada.person })).rest()
    const { searchParams } = new URL(to, 'http://x')
    const message = searchParams.get('message')
    const begun = Date.now()
    const theirs = await ask('GET', `/integrations/${eve.integrationId}/test?message=${message}`, { as: eve.person })
    // Nothing is waited for that was not asked for just now.
    expect(Date.now() - begun).toBeLessThan(10_000)
    expect(textOf(theirs.text)).toContain('Nothing is known of this message yet.')
    const none = await ask('GET', `/integrations/${eve.integrationId}/test?message=x`, { as: eve.person })
    expect(none.text).not.toContain('<table')
  })
})

describe('a page that cannot be brought to its end', () => {
  test('says so in a sentence with the request, and is whole all the same', async () => {
    const logged = vi.spyOn(console, 'error').mockReturnValue()
    const { person, monitorId } = await newWorld('Mary')
    const broken = { ...env, MONITORING: {} as Env['MONITORING'] }
    const { status, text, headers } = await ask('GET', `/monitors/${monitorId}/check`, { as: person, env: broken })
    const requestId = headers.get('x-request-id') ?? ''
    expect(status).toBe(200)
    expect(textOf(text)).toContain(`if it stays, name the request ${requestId} to us.`)
    expect(text).toMatch(/<\/table>.*<\/html>$/s)
    expect(logged.mock.calls.flat().join()).toContain(`"event":"stream.failed","requestId":"${requestId}"`)
  })
})
