import { describe, expect, test } from 'vitest'
import { newMember } from '../lib/audit.ts'
import { ask, MONITOR, newApiKey, newPerson, type Person, signedIn } from '../lib/candor.ts'
import { closeEntry, leafText, nextSeq, openEntry, refusalOf, rowsOf, statement } from '../lib/database.ts'
import { invite, memberIdsOf } from '../lib/guest.ts'
import { readLog, soundLog } from '../lib/log.ts'

const statusOf = async (as: Person | string, path = '/v1/monitors') => (await ask('GET', path, { as })).status
const lastOf = async ({ workspaceId }: Person) => (await soundLog(workspaceId)).at(-1) ?? expect.unreachable()
const sessionsOf = async ({ userId, workspaceId }: Person) =>
  (await rowsOf('session')).filter((row) => row.user_id === userId && row.workspace_id === workspaceId).length
const setRole = (as: Person, { userId }: Person, role: string) =>
  ask('PATCH', `/v1/members/${userId}`, { as, body: { role } })
const createMonitor = (as: Person | string) => ask('POST', '/v1/monitors', { as, body: MONITOR })

/** A workspace of Ada's in which Grace is an admin, with two sessions, a key, and a workspace of her own. */
async function team() {
  const ada = await newPerson()
  const grace = await newMember(ada, 'admin')
  await signedIn(ada.workspaceId, grace.userId)
  const home = (await rowsOf('membership')).find((row) => row.user_id === grace.userId && row.role === 'owner')
  const own = await signedIn(home?.workspace_id as Person['workspaceId'], grace.userId)
  const key = await newApiKey(grace)
  const remove = (apiKeys?: string) =>
    ask('POST', `/settings/members/${grace.userId}/remove`, { as: ada, form: { ...(apiKeys && { apiKeys }) } })
  return { ada, grace, own, key, remove }
}

describe('a member who is removed', () => {
  test('is out at once: sessions here, keys and membership end in one entry, and what is elsewhere stays', async () => {
    const { ada, grace, own, key, remove } = await team()
    expect([await statusOf(grace), await statusOf(key.token), await sessionsOf(grace)]).toEqual([200, 200, 2])
    const entries = (await readLog(ada.workspaceId)).length
    const answer = await remove()
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/settings/members'])
    expect([await statusOf(grace), await statusOf(key.token), await sessionsOf(grace)]).toEqual([401, 401, 0])
    expect([await statusOf(own), await sessionsOf(own)]).toEqual([200, 2])
    const { leaf, seq } = await lastOf(ada)
    expect(seq).toBe(entries)
    expect(leaf).toMatchObject({
      action: 'member.remove',
      actor: { type: 'user', id: ada.userId },
      entity: { type: 'member', id: grace.userId },
      before: { id: grace.userId, role: 'admin', apiKeys: [key.id], sessions: 2 },
      after: { revokedApiKeys: [key.id], handedOverApiKeys: [], sessions: 0 },
      outcome: 'ok',
    })
  })

  test('leaves their keys to whoever removes them, when the form says so', async () => {
    const { ada, grace, key, remove } = await team()
    await createMonitor(key.token)
    await remove('hand_over')
    expect([await statusOf(grace), (await createMonitor(key.token)).status]).toEqual([401, 201])
    const { leaf, person } = await lastOf(ada)
    expect(leaf).toMatchObject({ actor: { type: 'api_key', id: key.id }, user: ada.userId })
    expect(JSON.parse(person?.json ?? '').name).toBe('Ada Lovelace')
    const { body } = await ask('GET', `/v1/api-keys/${key.id}`, { as: ada })
    expect(body).toMatchObject({ createdBy: grace.userId, handedTo: ada.userId, revokedAt: null })
    const salts = (await rowsOf('audit_person')).filter((row) => row.log_id === ada.workspaceId)
    const saltOf = ({ userId }: Person) =>
      new Set(salts.filter((row) => row.user_id === userId).map((row) => `${row.salt}`))
    expect([saltOf(ada).size, saltOf(grace).size]).toEqual([1, 1])
    expect(saltOf(ada)).not.toEqual(saltOf(grace))
  })

  test('comes back by an invitation only, and their old session does not come back with them', async () => {
    const { ada, grace, own, remove } = await team()
    await remove()
    const email = (await rowsOf('user')).find((row) => row.id === grace.userId)?.email
    const { path } = await invite(ada, `${email}`, 'viewer')
    expect((await ask('POST', `${path}/accept`, { as: own })).status).toBe(303)
    expect(await memberIdsOf(ada)).toContain(grace.userId)
    expect(await statusOf(grace)).toBe(401)
  })

  test('is in the filter of the log, can be erased by the owner, and then is an id', async () => {
    const { ada, grace, remove } = await team()
    await createMonitor(grace)
    const path = `/settings/people/${grace.userId}/erase`
    expect((await ask('GET', path, { as: ada })).status).toBe(404)
    await remove()
    const filter = (await ask('GET', '/audit-logs', { as: ada })).text
    expect(filter).toContain(`<option value="${grace.userId}">Grace Hopper</option>`)
    expect((await ask('GET', '/settings/members', { as: ada })).text).toContain(path)
    const page = await ask('GET', path, { as: ada })
    expect(page.text).toContain('30-day recovery window')
    const wrong = await ask('POST', path, { as: ada, form: { confirm: 'Grace' } })
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('Type Grace Hopper to erase them.')])
    expect((await ask('POST', path, { as: ada, form: { confirm: 'Grace Hopper' } })).status).toBe(303)
    expect((await readLog(ada.workspaceId)).at(-1)?.leaf).toMatchObject({
      action: 'person.erase',
      entity: { id: grace.userId },
    })
    expect((await ask('GET', '/settings/members', { as: ada })).text).not.toContain('Grace')
    expect((await ask('GET', '/audit-logs', { as: ada })).text).not.toContain('Grace')
  })
})

test('a member leaves: their keys are revoked, and they are signed out of this workspace alone', async () => {
  const { ada, grace, own, key } = await team()
  const answer = await ask('POST', `/settings/members/${grace.userId}/leave`, { as: grace, form: {} })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in'])
  expect([await statusOf(grace), await statusOf(key.token), await statusOf(own)]).toEqual([401, 401, 200])
  expect((await lastOf(ada)).leaf).toMatchObject({
    action: 'member.leave',
    actor: { type: 'user', id: grace.userId },
    after: { revokedApiKeys: [key.id] },
  })
})

describe('there is always an owner:', () => {
  test('who cannot be demoted, removed, or leave', async () => {
    const { ada, grace } = await team()
    const path = `/v1/members/${ada.userId}`
    const answers = [
      await setRole(grace, ada, 'viewer'),
      await setRole(ada, ada, 'admin'),
      await ask('DELETE', path, { as: grace }),
      await ask('DELETE', path, { as: ada }),
      await ask('POST', `${path}/leave`, { as: ada }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([409, 409, 409, 409, 409])
    expect(await statusOf(ada)).toBe(200)
  })

  test('nobody is made one by a role or an invitation', async () => {
    const { ada, grace } = await team()
    expect((await setRole(ada, grace, 'owner')).status).toBe(422)
    const invitation = { email: 'x@example.test', role: 'owner' }
    expect((await ask('POST', '/v1/invitations', { as: ada, body: invitation })).status).toBe(422)
  })

  test('who hands the workspace over with its name typed, and is an admin then', async () => {
    const { ada, grace } = await team()
    const path = `/settings/members/${grace.userId}/transfer`
    expect((await ask('POST', path, { as: ada, form: { confirm: 'x' } })).status).toBe(422)
    const { name } = (await ask('GET', '/v1/workspace', { as: ada })).body
    expect((await ask('POST', path, { as: ada, form: { confirm: name } })).status).toBe(303)
    const roles = (await ask('GET', '/v1/members', { as: ada })).body.data
    expect(Object.fromEntries(roles.map(({ id, role }: { id: string; role: string }) => [id, role]))).toEqual({
      [ada.userId]: 'admin',
      [grace.userId]: 'owner',
    })
    expect((await lastOf(ada)).leaf).toMatchObject({
      action: 'workspace.transfer',
      before: { ownerId: ada.userId },
      after: { ownerId: grace.userId },
    })
    const back = await ask('POST', '/v1/workspace/transfer', { as: ada, body: { userId: ada.userId } })
    expect(back.status).toBe(403)
  })
})

test('an API key may what its person may at this moment, and never what is the owner\u2019s', async () => {
  const { ada, grace, key } = await team()
  expect((await ask('PATCH', '/v1/workspace', { as: key.token, body: { name: 'Engines' } })).status).toBe(200)
  await setRole(ada, grace, 'member')
  expect((await ask('PATCH', '/v1/workspace', { as: key.token, body: { name: 'Mine' } })).status).toBe(403)
  expect((await createMonitor(key.token)).status).toBe(201)
  await setRole(ada, grace, 'viewer')
  expect([(await createMonitor(key.token)).status, await statusOf(key.token)]).toEqual([403, 200])
})

test('only the entry of a workspace that removes this very person ends their sessions there', async () => {
  const { ada, grace, own } = await team()
  const log = ada.workspaceId
  const end = ({ workspaceId, userId }: Person) =>
    statement('DELETE FROM session WHERE workspace_id = ? AND user_id = ?', workspaceId, userId)
  const within = async (leaf: Record<string, unknown>, write: D1PreparedStatement) => {
    const seq = await nextSeq(log)
    return refusalOf([openEntry(log, seq, leafText(log, seq, leaf)), write, closeEntry(log, seq)])
  }
  const removal = { action: 'member.remove', entity: { type: 'member', id: grace.userId } }
  const refused = expect.stringContaining('unaudited write')
  expect(await within({ ...removal, action: 'member.change_role' }, end(grace))).toEqual(refused)
  expect(await within({ ...removal, outcome: 'forbidden' }, end(grace))).toEqual(refused)
  expect(await within({ ...removal, entity: { type: 'member', id: ada.userId } }, end(grace))).toEqual(refused)
  expect(await within(removal, end(own))).toEqual(refused)
  expect(await within(removal, end(ada))).toEqual(refused)
  expect(await within(removal, end(grace))).toBeNull()
})
