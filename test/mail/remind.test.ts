import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { newMember } from '../lib/audit.ts'
import { ask, mutateAs, newPerson, type Person } from '../lib/candor.ts'
import { pastTheGates, statement } from '../lib/database.ts'
import { readLog } from '../lib/log.ts'
import { aboutKey, addressOf, DAY_MS, endingKey, mailsTo, tonight, trailOf } from '../lib/mail.ts'
import { consume } from '../lib/outbox.ts'
import { bySystem, made } from '../lib/world.ts'

let ada: Person
beforeEach(async () => {
  ada = await newPerson()
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
})

const remindedAt = async (id: string) => (await ask('GET', `/v1/api-keys/${id}`, { as: ada })).body.remindedAt
const moved = (id: string, column: 'expires_at' | 'revoked_at', at: number) =>
  pastTheGates([statement(`UPDATE api_key SET ${column} = ? WHERE id = ?`, at, id)])

describe('a key that ends within a week', () => {
  test('is told of in a mail to whoever holds it, and an entry says that Candor did', async () => {
    const id = await endingKey(ada, { name: 'ci-deploy' })
    await tonight(ada.workspaceId)
    const [path = ''] = await mailsTo(ada)
    const { status, text } = await ask('GET', path)
    expect(status).toBe(200)
    expect(text).toContain('The API key &quot;ci-deploy&quot; expires on')
    expect(text).toContain(`(${id}) of the workspace &quot;Ada Lovelace&#39;s workspace&quot;`)
    expect(text).toContain('http://localhost:8787/api-keys')
    expect(text).toContain(addressOf(ada))
    const { leaf } = (await readLog(ada.workspaceId)).at(-1) ?? expect.unreachable()
    expect(leaf).toMatchObject({
      action: 'api_key.remind',
      surface: 'system',
      actor: { type: 'system', id: 'reminders' },
      user: null,
      entity: { type: 'api_key', id },
      before: { remindedAt: null },
      after: { remindedAt: await remindedAt(id) },
      changed: ['remindedAt'],
    })
    expect(JSON.stringify(leaf)).not.toContain(addressOf(ada))
    expect(await trailOf(ada)).toMatchObject([{ event: 'mail.api_key_expiring', status: 'delivered', attempts: 1 }])
  })

  test('is told of once, however many nights it still has, and however often the night is repeated', async () => {
    const id = await endingKey(ada)
    for (let night = 0; night < 3; night++) await tonight(ada.workspaceId)
    expect(await bySystem(ada, 'api_key.remind', { id })).toMatchObject({ ok: false, code: 'conflict' })
    expect(await mailsTo(ada)).toHaveLength(1)
    const entries = await readLog(ada.workspaceId)
    expect(entries.filter(({ leaf }) => leaf.action === 'api_key.remind')).toHaveLength(1)
  })

  test('among others is told of by itself, each key to its own maker', async () => {
    const grace = await newMember(ada, 'admin')
    await endingKey(ada, { name: 'hers' })
    await endingKey(grace, { name: 'of a member' })
    await tonight(ada.workspaceId)
    const subjects = async (person: Person) =>
      Promise.all((await mailsTo(person)).map(async (path) => (await ask('GET', path)).text.includes('of a member')))
    expect([await subjects(ada), await subjects(grace)]).toEqual([[false], [true]])
  })

  test('that was handed over is told of to its new holder, and not to who made it', async () => {
    const grace = await newMember(ada, 'admin')
    const id = await endingKey(grace, { name: 'of a former member' })
    const form = { apiKeys: 'hand_over' }
    expect((await ask('POST', `/settings/members/${grace.userId}/remove`, { as: ada, form })).status).toBe(303)
    await tonight(ada.workspaceId)
    const [path = '', ...more] = await mailsTo(ada)
    expect([more, await mailsTo(grace)]).toEqual([[], []])
    expect((await ask('GET', path)).text).toContain(`(${id}) of the workspace`)
    expect((await ask('GET', path)).text).toContain('because this key acts in your name')
  })

  test('is not told of in another workspace', async () => {
    const other = await newPerson('Grace Hopper')
    await endingKey(ada)
    await tonight(other.workspaceId)
    expect([await mailsTo(ada), await mailsTo(other)]).toEqual([[], []])
  })
})

describe('nobody is told of a key', () => {
  test.each([
    ['that has more than a week', { age: 80, left: 7.01 }],
    ['that has ended', { age: 100, left: -0.01 }],
    ['that was made for a week', { age: 2, left: 5 }],
  ])('%s', async (_what, times) => {
    const id = await endingKey(ada, times)
    await tonight(ada.workspaceId)
    expect(await mailsTo(ada)).toEqual([])
    expect(await bySystem(ada, 'api_key.remind', { id })).toMatchObject({ ok: false, code: 'conflict' })
  })

  test('that never ends, or was revoked', async () => {
    await made(ada, 'api_key.create', { name: 'for ever', scope: 'read', expiresInDays: null })
    await made(ada, 'api_key.revoke', { id: await endingKey(ada) })
    await tonight(ada.workspaceId)
    expect(await mailsTo(ada)).toEqual([])
  })

  test('that was rolled, before the night or after it', async () => {
    const [before, after] = [await endingKey(ada), await endingKey(ada)]
    await made(ada, 'api_key.roll', { id: before })
    expect(await bySystem(ada, 'api_key.remind', { id: before })).toMatchObject({ ok: false, code: 'conflict' })
    await made(ada, 'api_key.roll', { id: after })
    await tonight(ada.workspaceId)
    expect(await consume([aboutKey(ada, after)])).toEqual(['done'])
    expect(await mailsTo(ada)).toEqual([])
  })

  test('whose holder has left the workspace', async () => {
    const grace = await newMember(ada, 'admin')
    const id = await endingKey(grace)
    await pastTheGates([
      statement('DELETE FROM membership WHERE workspace_id = ? AND user_id = ?', ada.workspaceId, grace.userId),
    ])
    await tonight(ada.workspaceId)
    expect(await mailsTo(grace)).toEqual([])
    expect(await bySystem(ada, 'api_key.remind', { id })).toMatchObject({ ok: false, code: 'not_found' })
    expect(await consume([aboutKey(ada, id)])).toEqual(['done'])
    expect(await trailOf(ada)).toMatchObject([{ status: 'failed', message: 'There was no reason for it any more.' }])
  })

  test.each([
    ['was revoked', 'revoked_at', -DAY_MS],
    ['was given another end', 'expires_at', 60 * DAY_MS],
    ['has ended', 'expires_at', -DAY_MS],
  ] as const)('that %s after the night and before the mail went out', async (_what, column, after) => {
    const id = await endingKey(ada)
    await moved(id, column, Date.now() + after)
    expect(await consume([aboutKey(ada, id)])).toEqual(['done'])
    expect(await mailsTo(ada)).toEqual([])
    expect(await trailOf(ada)).toMatchObject([{ status: 'failed', message: 'There was no reason for it any more.' }])
  })

  test('of another workspace, by whatever asks for it', async () => {
    const other = await newPerson('Grace Hopper')
    expect(await consume([aboutKey(other, await endingKey(ada))])).toEqual(['done'])
    expect([await mailsTo(ada), await mailsTo(other)]).toEqual([[], []])
  })

  test('by a person or a key: only Candor tells', async () => {
    const id = await endingKey(ada)
    expect(await mutateAs(ada, 'api_key.remind', { id })).toMatchObject({ ok: false, code: 'forbidden' })
    expect(await remindedAt(id)).toBeNull()
  })
})

describe('the page of API keys', () => {
  const page = async (bindings = env) => (await ask('GET', '/api-keys', { as: ada, env: bindings })).text

  test.each([
    ['a new key', { age: 0, left: 90 }, null, false, false],
    ['a key with two weeks left', { age: 76, left: 14 }, 'today', true, false],
    ['a key with more than two weeks left', { age: 60, left: 14.1 }, 'today', false, false],
    ['a key that was last used long ago', { age: 200, left: 90 }, '2026-01-01', false, true],
    ['a key that was never used', { age: 91, left: 90 }, null, false, true],
    ['a key that was never used in 89 days', { age: 89, left: 90 }, null, false, false],
    ['a key that has ended', { age: 200, left: -1 }, null, false, false],
  ] as const)('marks what to look at: %s', async (_what, times, used, soon, unused) => {
    const id = await endingKey(ada, times)
    const day = used === 'today' ? new Date().toISOString().slice(0, 10) : used
    const use = statement('INSERT INTO api_key_use VALUES (?, ?, ?)', ada.workspaceId, id, day)
    if (day !== null) await use.run()
    const text = await page()
    const [listed] = (await ask('GET', '/v1/api-keys', { as: ada })).body.data
    expect(listed.flags).toEqual([...(soon ? ['expires_soon'] : []), ...(unused ? ['unused'] : [])])
    expect([text.includes('Expires soon'), text.includes('Unused for 90 days')]).toEqual([soon, unused])
  })

  test('says whether anybody is told of the end of a key', async () => {
    await endingKey(ada)
    expect(await page()).toContain('whoever it belongs to gets a mail')
    const none = { ...env, MAIL_DRIVER: 'none', MAILBOX: undefined }
    expect(await page(none)).toContain('Mail is not set up here')
  })
})
