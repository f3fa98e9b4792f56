import { describe, expect, test } from 'vitest'
import { ID_PREFIXES, type Noun, newId } from '../../shared/ids.ts'
import { MUTATIONS } from '../../workers/app/services/mutations.ts'
import { takeGroup } from '../../workers/app/workspace/group.ts'
import type { MutationRequest } from '../../workers/app/workspace/request.ts'
import { MONITOR, newWorkspaceId } from '../lib/candor.ts'

const monitor = (fields: object = {}) => ({ ...MONITOR, intervalSeconds: 300, ...fields })

describe('of the changes that wait, those go together that touch nothing in common', () => {
  const workspaceId = newWorkspaceId()
  const asked = (action: string, input: unknown, idempotencyKey: string | null = null): MutationRequest => ({
    action,
    input,
    idempotencyKey,
    credential: { type: 'system', workspaceId, name: 'monitoring' },
    surface: 'api',
    requestId: newId('request'),
    client: { ip: null, userAgent: null },
  })
  const [a, b, c] = [newId('monitor'), newId('monitor'), newId('integration')]
  const pause = (id: string, key: string | null = null) => asked('monitor.pause', { id }, key)
  const create = (integrationIds: string[] = []) => asked('monitor.create', monitor({ integrationIds }))
  const page = (slug: string) => asked('status_page.create', { title: 'Shop', slug })

  test.each([
    ['one alone', [pause(a)], 1],
    ['two things', [pause(a), pause(b)], 2],
    ['one thing twice', [pause(a), pause(a)], 1],
    ['one thing twice, later', [pause(a), pause(b), pause(a), pause(b)], 2],
    ['creations', [create(), create(), create()], 3],
    ['a creation and what it is linked to', [create([c]), asked('integration.update', { id: c, name: 'New' })], 1],
    ['two pages of one address', [page('shop'), page('shop')], 1],
    ['two pages of two addresses', [page('shop'), page('shed')], 2],
    ['one idempotency key', [pause(a, 'once'), pause(b, 'once')], 1],
    ['two idempotency keys', [pause(a, 'once'), pause(b, 'twice')], 2],
    ['what cannot be read', [asked('monitor.pause', { id: 'x' }), pause(a)], 1],
    ['what cannot be read, later', [pause(a), asked('monitor.pause', { id: 'x' }), pause(b)], 1],
    ['what is no change', [asked('monitor.fly', {}), pause(a)], 1],
  ])('%s', (_, waiting, together) => {
    expect(takeGroup(waiting)).toBe(together)
  })

  test('at most twenty-five of them', () => {
    expect(takeGroup(Array.from({ length: 25 }, () => create()))).toBe(25)
    expect(takeGroup(Array.from({ length: 100 }, () => create()))).toBe(25)
  })

  /** Every change that is about one thing, with the noun of that thing. */
  const ofOneThing = MUTATIONS.flatMap((verb) =>
    (Object.keys(ID_PREFIXES) as Noun[])
      .filter((noun) => verb.input.safeParse({ id: newId(noun) }).success)
      .map((noun) => [verb.action, noun] as const),
  )

  test.each(ofOneThing)('never two of %s of one %s, and never one with another change of it', (action, noun) => {
    const id = newId(noun)
    expect(takeGroup([asked(action, { id }), asked(action, { id })])).toBe(1)
    for (const [other, itsNoun] of ofOneThing)
      if (itsNoun === noun)
        expect([other, takeGroup([asked(action, { id }), asked(other, { id })])]).toEqual([other, 1])
  })

  test.each(MUTATIONS.filter((verb) => !verb.touches).map(({ action }) => action))('%s goes alone', (action) => {
    expect(takeGroup([asked(action, { id: a }), create()])).toBe(1)
    expect(takeGroup([create(), asked(action, { id: a }), create()])).toBe(1)
  })
})
