import { evictDurableObject } from 'cloudflare:test'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { checkpointOf, exported, exportPath, get, newMember, storedExport, verdictOf, verify } from '../lib/audit.ts'
import { ask, MONITOR, mutateAs, newApiKey, type Person, workspaceOf } from '../lib/candor.ts'
import { checkedLog } from '../lib/checked-log.ts'
import { dump, pastTheGates, statement } from '../lib/database.ts'
import { answerIsLost, commits, neverArrives } from '../lib/faults.ts'
import { soundLog } from '../lib/log.ts'
import { command } from '../lib/operator.ts'
import { hands } from '../lib/tampered-log.ts'
import { made } from '../lib/world.ts'

let person: Person
let since: string
let size: number
let is: ReturnType<typeof hands>
beforeEach(async () => {
  ;({ person, since, size } = await checkedLog())
  is = hands(person)
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})

const rename = (name = 'After') => ask('PATCH', '/v1/workspace', { as: person, body: { name } })
const accept = () => command(person.workspaceId, 'audit/accept')
const status = async () => (await command(person.workspaceId, 'audit/status')).body
const bannerOf = async () =>
  /does not verify: ([^<]*)\./.exec((await ask('GET', '/monitors', { as: person })).text)?.[1]

describe('a log that was rolled back, and that the operator accepts as it is now,', () => {
  const CUT = 4

  test('takes changes again, behind an entry that says what was known and what was accepted', async () => {
    const before = await status()
    await is.cutFrom(CUT)
    expect((await rename()).status).toBe(503)
    const { status: answered, body } = await accept()
    expect([answered, body.known, body.accepted.size, body.seq]).toEqual([200, before.known, CUT, CUT])
    const { leaf } = (await soundLog(person.workspaceId)).at(-1) ?? expect.unreachable()
    expect(leaf).toMatchObject({
      action: 'audit_log.accept',
      seq: CUT,
      actor: { type: 'system', id: 'operator' },
      auth: 'operator',
      entity: { type: 'audit_log', id: person.workspaceId },
      before: before.known,
      after: body.accepted,
      changed: ['root', 'size'],
    })
    expect((await rename()).status).toBe(200)
    expect(await verdictOf(await exported(person))).toBe('sound')
  })

  test('has the names of people who change it, though the ones it had were rolled back too', async () => {
    const grace = await newMember(person, 'admin')
    const from = (await is.log()).length
    const renamed = () => ask('PATCH', '/v1/workspace', { as: grace, body: { name: 'Hers' } })
    expect((await renamed()).status).toBe(200)
    await is.cutFrom(from)
    await pastTheGates([
      statement('DELETE FROM audit_person WHERE log_id = ? AND user_id = ?', person.workspaceId, grace.userId),
    ])
    expect((await accept()).status).toBe(200)
    expect((await renamed()).status).toBe(200)
    const last = (await is.log()).at(-1)
    expect([last?.leaf.action, JSON.parse(last?.person?.json ?? '{}').name]).toEqual([
      'workspace.rename',
      'Grace Hopper',
    ])
    expect((await is.night()).checked.finding).toBeNull()
  })

  test('is shown by every older checkpoint to be another one', async () => {
    await is.cutFrom(CUT)
    await accept()
    expect(await verdictOf(await exported(person), { since })).toBe(`truncated at ${CUT + 2}`)
    while ((await soundLog(person.workspaceId)).length <= size) await made(person, 'monitor.create', MONITOR)
    const text = await exported(person)
    expect([await verdictOf(text), (await verify(text, { since })).verdict]).toEqual(['sound', 'forked'])
  })

  test('is not found to be wrong any more, by its check nor on a page', async () => {
    await is.cutFrom(CUT)
    await is.night()
    expect(await bannerOf()).toBe(`truncated, first bad entry #${CUT}`)
    await accept()
    expect(await bannerOf()).toBeUndefined()
    expect((await is.night()).checked).toMatchObject({ finding: null, size: CUT + 1 })
    expect(await status()).toMatchObject({ fits: true, finding: null })
  })

  test('is read on from where it was accepted, and not from where the other one was read to', async () => {
    await is.cutFrom(CUT)
    await accept()
    while ((await soundLog(person.workspaceId)).length <= size + 2) await rename()
    const { checked } = await is.look()
    expect(checked).toMatchObject({ finding: null, size: size + 3 })
  })

  test('may have been emptied, or have grown', async () => {
    await is.cutFrom(0)
    expect((await accept()).body).toMatchObject({ accepted: { size: 0 }, seq: 0 })
    expect((await rename()).status).toBe(200)
    await soundLog(person.workspaceId)
  })
})

describe('nothing is accepted', () => {
  const refused = async (detail: RegExp) => {
    const before = (await dump(['audit_log', 'audit_body', 'workspace'])).length
    const { status: answered, body } = await accept()
    expect([answered, body.detail]).toEqual([409, expect.stringMatching(detail)])
    expect((await dump(['audit_log', 'audit_body', 'workspace'])).length).toBe(before)
  }

  test('of a log whose end is the one that is known', async () => {
    await refused(/nothing to accept/)
    await is.alter(2)
    await is.night()
    await refused(/nothing to accept/)
  })

  test('of a log that does not fit itself', async () => {
    await is.cutFrom(size - 1)
    await is.alter(2)
    await refused(/does not fit itself \(altered, first bad entry #2\), so nothing was accepted/)
    expect((await rename()).body.code).toBe('log_tampered')
  })

  test('when the entry that says so cannot be stored: the log stays refused', async () => {
    await is.cutFrom(size - 1)
    commits(neverArrives)
    expect((await accept()).status).toBe(503)
    expect((await rename()).body.code).toBe('log_tampered')
    expect((await accept()).status).toBe(200)
  })

  test('by a change of another kind that meets the accepted end first', async () => {
    await is.cutFrom(size - 1)
    const [accepted, changed] = await Promise.all([accept(), rename()])
    expect(accepted.status).toBe(200)
    expect([200, 503]).toContain(changed.status)
    const log = await soundLog(person.workspaceId)
    expect(log[size - 1]?.leaf.action).toBe('audit_log.accept')
  })
})

test('an accepted end whose answer was lost is taken with its entry, and once', async () => {
  await is.cutFrom(size - 1)
  commits(answerIsLost)
  expect((await accept()).status).toBe(503)
  expect((await rename()).status).toBe(200)
  expect((await accept()).status).toBe(409)
  const actions = (await soundLog(person.workspaceId)).map(({ leaf }) => leaf.action)
  expect(actions.filter((action) => action === 'audit_log.accept')).toHaveLength(1)
})

test('what comes after an accepted end is taken up, whatever crashes when', async () => {
  const crash = () => evictDurableObject(workspaceOf(person.workspaceId))
  await is.cutFrom(size - 1)
  commits(answerIsLost)
  expect((await accept()).status).toBe(503)
  await crash()
  for (let i = 0; i < 3; i++) {
    expect((await rename()).status).toBe(200)
    expect((await rename()).status).toBe(200)
    await crash()
  }
  await soundLog(person.workspaceId)
})

test('of two operators who accept at once, one does', async () => {
  await is.cutFrom(size - 1)
  const statuses = (await Promise.all([accept(), accept()])).map((answer) => answer.status)
  expect(statuses.filter((one) => one === 200)).toHaveLength(1)
  await soundLog(person.workspaceId)
})

test('nobody but the operator may say that a log was accepted', async () => {
  const treeHead = { size: 1, root: btoa('r'.repeat(32)) }
  const input = { known: treeHead, accepted: treeHead }
  expect(await mutateAs(person, 'audit_log.accept', input)).toMatchObject({ ok: false, code: 'forbidden' })
})

describe('an export of a log that takes no entry any more', () => {
  test('is given to an owner who is signed in, and says that it is no entry', async () => {
    await is.cutFrom(size - 1)
    const { status: answered, headers, text } = await get(person, exportPath())
    expect([answered, headers.get('content-disposition')]).toEqual([
      200,
      `attachment; filename="audit-${person.workspaceId}-${size - 1}-unlogged.ndjson"`,
    ])
    const { unlogged } = JSON.parse(text.split('\n')[0] ?? '')
    expect(unlogged).toEqual({ known: size, finding: `truncated, first bad entry #${size - 1}` })
    expect(await verify(text)).toMatchObject({ verdict: 'bad signature', entry: null, unlogged })
    expect(await verdictOf(text, { since })).toBe(`truncated at ${size - 1}`)
    const { last, count } = (await status()).unlogged
    expect([count, last]).toEqual([
      1,
      { userId: person.userId, requestId: headers.get('x-request-id'), at: expect.any(Number) },
    ])
  })

  test('is refused as CSV, which could not say so, to API keys, and when nothing is left', async () => {
    const { token } = await newApiKey(person, 'read')
    await is.cutFrom(size - 1)
    for (const [as, query] of [
      [token, {}],
      [person, { format: 'csv' }],
    ] as const)
      expect((await get(as, exportPath(query))).status).toBe(503)
    await is.cutFrom(0)
    expect((await get(person, exportPath())).status).toBe(503)
    expect((await status()).unlogged.count).toBe(0)
  })

  test('of a sound log says nothing of the kind', async () => {
    const text = await exported(person)
    expect(text).not.toContain('unlogged')
    expect((await verify(text)).unlogged).toBeNull()
    expect(await checkpointOf(person)).toContain(`\n${size + 1}\n`)
    expect(await verdictOf(await storedExport(person.workspaceId))).toBe('sound')
  })
})
