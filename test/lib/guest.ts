import { expect } from 'vitest'
import { begin, newBrowser } from '../sign-in/browser.ts'
import type { Providers, Somebody } from '../sign-in/providers.ts'
import { ask, type Person } from './candor.ts'

/** Somebody in a browser of their own, signed in through the real callback. */
export async function signInAs(providers: Providers, who: Somebody, returnTo?: string, provider = 'google') {
  const browser = newBrowser()
  const landed = await browser.get(providers.consent(await begin(browser, provider, returnTo), who).href)
  expect(landed.status).toBe(303)
  return { browser, landed: landed.headers.get('location') ?? '' }
}

/** Invites an address; the path that its link leads to. */
export async function invite(owner: Person, email: string, role = 'member') {
  const { status, body } = await ask('POST', '/v1/invitations', { as: owner, body: { email, role } })
  expect([status, body.email]).toEqual([201, expect.any(String)])
  return { id: body.id as string, path: `/invitations/${body.id}`, email: body.email as string }
}

export const memberIdsOf = async (as: Person | string): Promise<string[]> =>
  (await ask('GET', '/v1/members', { as })).body.data.map(({ id }: { id: string }) => id)
