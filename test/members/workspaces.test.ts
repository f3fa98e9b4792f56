import { describe, expect, test } from 'vitest'
import { isReserved } from '../../shared/domain/reserved.ts'
import { newId } from '../../shared/ids.ts'
import { MAX_OWNED } from '../../workers/app/services/limits.ts'
import { slugOf } from '../../workers/app/services/workspace/slug.ts'
import { type Answer, ask, newPerson, newWorkspaceId, type Person } from '../lib/candor.ts'
import { dump, pastTheGates, statement } from '../lib/database.ts'
import { expectNoDifference } from '../lib/isolation.ts'
import { soundLog } from '../lib/log.ts'
import { newSlug, settled } from '../lib/world.ts'

const create = (as: Person, form: Record<string, string>) => ask('POST', '/workspaces', { as, form })
const cookieOf = ({ headers }: Answer) =>
  headers
    .getSetCookie()
    .find((line) => /^__Host-candor=v1/.test(line))
    ?.split(';')[0] ?? ''
const workspaceOf = async (cookie: string) => (await ask('GET', '/v1/workspace', { headers: { cookie } })).body
const switchTo = (cookie: string, id: string) =>
  ask('POST', `/workspaces/${id}/switch`, { headers: { cookie, 'sec-fetch-site': 'same-origin' } })

describe('another workspace', () => {
  test('is made by its owner, who goes on in it under a new token, and switches back', async () => {
    const ada = await newPerson()
    const slug = newSlug()
    const made = await create(ada, { name: 'Engines', slug })
    expect([made.status, made.headers.get('location')]).toEqual([303, '/monitors'])
    const cookie = cookieOf(made)
    const workspace = await workspaceOf(cookie)
    expect(workspace).toMatchObject({ name: 'Engines', slug })
    const [first] = await soundLog(workspace.id)
    expect(first?.leaf).toMatchObject({
      action: 'workspace.create',
      actor: { type: 'user', id: ada.userId },
      auth: 'founder',
      after: { ownerId: ada.userId },
    })
    expect((await ask('GET', '/v1/workspace', { as: ada })).status).toBe(401)
    const list = await ask('GET', '/workspaces', { headers: { cookie } })
    expect(list.text).toContain(`/workspaces/${ada.workspaceId}/switch`)
    const back = cookieOf(await switchTo(cookie, ada.workspaceId))
    expect((await workspaceOf(back)).id).toBe(ada.workspaceId)
    expect((await ask('GET', '/v1/workspace', { headers: { cookie } })).status).toBe(401)
    const leaf = (await soundLog(ada.userId)).at(-1)?.leaf
    expect(leaf).toMatchObject({
      action: 'session.switch',
      before: { workspaceId: workspace.id },
      after: { workspaceId: ada.workspaceId },
    })
  })

  test('gets a slug of its name when none is given', async () => {
    const cookie = cookieOf(await create(await newPerson(), { name: 'Größe & Söhne' }))
    expect((await workspaceOf(cookie)).slug).toMatch(/^gro-e-so-hne-[a-z0-9]{6}$|^gro-.*-[a-z0-9]{6}$/)
  })

  test('is the last one when somebody owns as many as there may be', async () => {
    const ada = await newPerson()
    for (let i = 1; i < MAX_OWNED; i++) {
      const id = newWorkspaceId()
      await pastTheGates([
        statement(`INSERT INTO workspace (workspace_id, name, plan, created_at) VALUES (?, 'x', 'free', 0)`, id),
        statement(`INSERT INTO membership VALUES (?, ?, 'owner', 0)`, id, ada.userId),
      ])
    }
    await settled()
    const before = await dump()
    const { status, text } = await create(ada, { name: 'One more' })
    expect([status, text]).toEqual([422, expect.stringContaining(`You own ${MAX_OWNED} workspaces`)])
    expect(await dump()).toBe(before)
  })
})

describe('a slug', () => {
  test.each([
    'ab',
    'With-Capitals',
    'a_b',
    '-ab',
    'ab-',
    'a b',
    'xn--bcher-kva',
    'admin',
    'www',
    'candor-help',
    'straße',
  ])('%s is refused beside its field, and what was typed is kept', async (slug) => {
    const ada = await newPerson()
    for (const path of ['/workspaces', '/settings']) {
      const { status, text } = await ask('POST', path, { as: ada, form: { name: 'Engines', slug } })
      expect([path, status]).toEqual([path, 422])
      expect(text).toContain('id="f-slug-error"')
      expect(text).toContain(`value="${slug}"`)
      expect(text).toContain('value="Engines"')
    }
  })

  test('that somebody has is refused, to a new workspace and to one that is there', async () => {
    const [ada, eve] = [await newPerson(), await newPerson('Eve')]
    const slug = newSlug()
    expect((await ask('PATCH', '/v1/workspace', { as: ada, body: { slug } })).body.slug).toBe(slug)
    const change = await ask('PATCH', '/v1/workspace', { as: eve, body: { slug } })
    expect([change.status, change.body.errors[0].field]).toEqual([409, 'slug'])
    const made = await create(eve, { name: 'Engines', slug })
    expect([made.status, made.text]).toEqual([422, expect.stringContaining('This address is taken. Choose another.')])
    expect((await ask('GET', '/v1/workspace', { as: ada })).body.slug).toBe(slug)
  })

  test('that is made of a name is a right one, whatever the name is', () => {
    for (const name of ['', 'Admin', '---', 'xn--x', 'candor', '漢字', 'a'.repeat(128), 'É Ñ', '  x  ']) {
      const slug = slugOf(name)
      expect(slug).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/)
      expect([slug.startsWith('xn--'), isReserved(slug)]).toEqual([false, false])
    }
  })
})

describe('a session', () => {
  test('does not go on in a workspace of others, in the same words as in none', async () => {
    const [ada, eve] = [await newPerson(), await newPerson('Eve')]
    const answer = await expectNoDifference('workspace', ada.workspaceId, (id) => switchTo(eve.cookie, id))
    expect(answer.status).toBe(404)
    expect((await ask('GET', '/v1/workspace', { as: eve })).body.id).toBe(eve.workspaceId)
  })

  test('is in the workspace that the database says, whatever a cookie says that only the sign-in key could make', async () => {
    const ada = await newPerson()
    const made = cookieOf(await create(ada, { name: 'Engines' }))
    const { id } = await workspaceOf(made)
    await pastTheGates([
      statement('UPDATE session SET workspace_id = ? WHERE workspace_id = ?', newId('workspace'), id),
    ])
    expect((await ask('GET', '/v1/workspace', { headers: { cookie: made } })).status).toBe(401)
  })
})
