import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { asWorkspaceId } from '../../shared/ids.ts'
import { accountOf, ask, ORIGIN, workspaceOf } from '../lib/candor.ts'
import { daysLater, isGone, ring } from '../lib/ending.ts'
import { settled } from '../lib/world.ts'
import { begin, newBrowser } from './browser.ts'
import { type Providers, somebody, startProviders } from './providers.ts'

let providers: Providers
const who = () => somebody({ name: 'Ada Lovelace' })
let ada: ReturnType<typeof who>
beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  providers = startProviders()
  ada = who()
})
afterEach(() => {
  vi.useRealTimers()
})

async function signIn() {
  const browser = newBrowser()
  const { headers } = await browser.get(providers.consent(await begin(browser, 'github'), ada).href)
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const send = (method: string, path: string, asked: Parameters<typeof ask>[2] = {}) =>
    ask(method, path, { ...asked, headers: { cookie, origin: ORIGIN } })
  return { landed: headers.get('location'), send }
}

describe('whoever signs in', () => {
  test('finds the workspace that was deleted within its seven days, and a new one after them', async () => {
    const { send } = await signIn()
    const { body } = await send('GET', '/v1/workspace')
    expect((await send('DELETE', '/v1/workspace', { body: { name: body.name } })).status).toBe(200)
    await settled()
    daysLater(6)
    const soon = await signIn()
    expect((await soon.send('GET', '/v1/workspace')).body.id).toBe(body.id)
    // Its end has not come yet, and it is found no more.
    daysLater(1.01)
    const late = await signIn()
    const { status, body: other } = await late.send('GET', '/v1/workspace')
    expect([status, other.id === body.id]).toEqual([200, false])
  })

  test('goes on where nothing was deleted, if there is such a workspace', async () => {
    const { send } = await signIn()
    const { body } = await send('GET', '/v1/workspace')
    const made = await send('POST', '/workspaces', { form: { name: 'Another' } })
    expect(made.status).toBe(303)
    const again = await signIn()
    expect((await again.send('GET', '/v1/workspace')).body.id).toBe(body.id)
    await again.send('DELETE', '/v1/workspace', { body: { name: body.name } })
    const last = await signIn()
    expect((await last.send('GET', '/v1/workspace')).body.name).toBe('Another')
  })

  test('and has deleted their account keeps it so, or is somebody new when it is gone', async () => {
    const { send } = await signIn()
    const workspaceId = asWorkspaceId((await send('GET', '/v1/workspace')).body.id) ?? expect.unreachable()
    const [{ id: userId, email }] = (await send('GET', '/v1/members')).body.data
    expect((await send('POST', '/account/delete', { form: { confirm: email } })).status).toBe(303)
    const back = await signIn()
    expect((await back.send('GET', '/monitors')).headers.get('location')).toBe('/account/ending')
    expect((await back.send('POST', '/account/keep', { form: {} })).status).toBe(303)
    expect((await back.send('GET', '/monitors')).status).toBe(200)

    expect((await back.send('POST', '/account/delete', { form: { confirm: email } })).status).toBe(303)
    await settled()
    daysLater(7.01)
    await ring(workspaceOf(workspaceId))
    await ring(accountOf(userId))
    expect(await isGone(accountOf(userId))).toBe(true)
    const anew = await signIn()
    const [{ id }] = (await anew.send('GET', '/v1/members')).body.data
    expect([anew.landed, id === userId]).toEqual(['/start', false])
  })
})
