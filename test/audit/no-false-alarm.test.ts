import { evictDurableObject } from 'cloudflare:test'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { bannerOf, exported, newMember, nightlyPass, oldLog, verdictOf } from '../lib/audit.ts'
import { ask, MONITOR, type Person, workspaceOf } from '../lib/candor.ts'
import { checkedLog } from '../lib/checked-log.ts'
import { nextSeq, pastTheGates, statement } from '../lib/database.ts'
import { answerIsLost, commits, neverArrives } from '../lib/faults.ts'
import { made } from '../lib/world.ts'

let person: Person
let logId: Person['workspaceId']
let since: string
beforeEach(async () => {
  ;({ person, logId, since } = await checkedLog())
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})

const rename = () => ask('PATCH', '/v1/workspace', { as: person, body: { name: 'After' } })

describe('nothing is found where nothing was done', () => {
  const expectRight = async () => {
    expect((await nightlyPass(logId)).checked).toMatchObject({ finding: null, size: await nextSeq(logId) })
    expect(await bannerOf(person)).toBeNull()
    expect(await verdictOf(await exported(person), { since })).toBe('sound')
  }

  test('after changes, refused ones among them', async () => {
    await made(person, 'monitor.create', MONITOR)
    expect((await ask('PATCH', '/v1/workspace', { as: person, body: { name: '' } })).status).toBe(422)
    expect((await ask('POST', `/v1/people/${person.userId}/erase`, { as: person })).status).toBe(409)
    await expectRight()
  })

  test('after fifty changes at once', async () => {
    const names = Array.from({ length: 50 }, (_, i) => `Monitor ${i}`)
    await Promise.all(names.map((name) => made(person, 'monitor.create', { ...MONITOR, name })))
    await expectRight()
  })

  test('after a person was erased', async () => {
    const member = await newMember(person)
    await made(member, 'monitor.create', MONITOR)
    await made(person, 'person.erase', { id: member.userId })
    await expectRight()
  })

  test('after the object was started anew', async () => {
    await evictDurableObject(workspaceOf(logId))
    await rename()
    await evictDurableObject(workspaceOf(logId))
    await expectRight()
  })

  test('after a batch that never arrived, and one whose answer was lost', async () => {
    commits(neverArrives, answerIsLost)
    expect([(await rename()).status, (await rename()).status]).toEqual([503, 503])
    await expectRight()
  })

  test('after entries were pruned', async () => {
    const old = await oldLog()
    expect((await nightlyPass(old.workspaceId)).checked.finding).toBeNull()
    const { minimum } =
      (await statement('SELECT min(seq) AS minimum FROM audit_body WHERE log_id = ?', old.workspaceId).first<{
        minimum: number
      }>()) ?? expect.unreachable()
    expect(minimum).toBeGreaterThan(0)
    expect((await nightlyPass(old.workspaceId)).checked.finding).toBeNull()
    expect(await bannerOf(old)).toBeNull()
    expect(await verdictOf(await exported(old))).toBe('sound')
  })

  test('after a pruning whose answer was lost', async () => {
    const old = await oldLog()
    commits(answerIsLost)
    expect((await nightlyPass(old.workspaceId)).checked.finding).toBeNull()
    await evictDurableObject(workspaceOf(old.workspaceId))
    expect((await nightlyPass(old.workspaceId)).checked.finding).toBeNull()
    expect(await bannerOf(old)).toBeNull()
    expect(await verdictOf(await exported(old))).toBe('sound')
  })

  test('and a log that is put back as it was is right again after a whole pass', async () => {
    const spell = (from: string, to: string) =>
      statement('UPDATE audit_body SET leaf = replace(leaf, ?, ?) WHERE log_id = ? AND seq = 2', from, to, logId)
    await pastTheGates([spell('"One"', '"Eno"')])
    expect((await nightlyPass(logId)).checked.finding).toEqual({ verdict: 'altered', entry: 2 })
    await pastTheGates([spell('"Eno"', '"One"')])
    expect(await bannerOf(person)).not.toBeNull()
    await expectRight()
  })
})
