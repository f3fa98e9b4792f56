import { describe, expect, test } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { exported, get, newMember, setPlan, verdictOf, verify, vkeyOf } from '../lib/audit.ts'
import { ask, MONITOR, newApiKey, newPerson } from '../lib/candor.ts'
import { rowsOf } from '../lib/database.ts'
import { checkReceipt } from '../lib/second-verifier.ts'
import { leavesOf } from '../lib/varied-log.ts'
import { made } from '../lib/world.ts'

/** An owner, and a member who has done two things. */
async function worked() {
  const owner = await newPerson()
  const member = await newMember(owner, 'member', 'Grace Hopper')
  for (const name of ['One', 'Two']) await made(member, 'monitor.create', { ...MONITOR, name })
  const email = `${member.userId.toLowerCase()}@example.test`
  const erase = (id = member.userId, as: typeof owner | string = owner) => ask('POST', `/v1/people/${id}/erase`, { as })
  return { owner, member, email, erase, logId: owner.workspaceId }
}

describe('personal fields of somebody who did something', () => {
  test('are in an export while they are kept, and nothing is left of them after they were erased', async () => {
    const { owner, member, email, erase, logId } = await worked()
    const before = await exported(owner)
    expect(before).toContain('Grace Hopper')
    expect(before).toContain(email)
    expect((await verify(before)).erased).toBe(0)

    expect((await erase()).status).toBe(200)
    for (const format of ['ndjson', 'csv']) {
      const after = await exported(owner, { format })
      for (const word of ['Grace Hopper', email]) expect(after).not.toContain(word)
      expect(after).toContain(member.userId)
    }
    const report = await verify(await exported(owner))
    expect(report).toMatchObject({ verdict: 'sound', erased: 2 })
    const stored = JSON.stringify((await rowsOf('audit_person')).filter((row) => row.log_id === logId))
    expect(stored).not.toContain(member.userId)
    const { body } = await ask('GET', `/v1/audit-logs?actor=${member.userId}`, { as: owner })
    expect(body.data.map((entry: { actorName: unknown }) => entry.actorName)).toEqual([null, null])
  })

  test('are erased by an entry that says whose they were and how many, and whose commitments stay', async () => {
    const { owner, member, erase, logId } = await worked()
    const before = await leavesOf(logId)
    await erase()
    const after = await leavesOf(logId)
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.at(-1)?.leaf).toMatchObject({
      action: 'person.erase',
      actor: { type: 'user', id: owner.userId },
      entity: { type: 'person', id: member.userId },
      before: { kept: 1 },
      after: { kept: 0 },
      outcome: 'ok',
    })
    const commitments = after.filter(({ leaf }) => leaf.user === member.userId).map(({ leaf }) => leaf.person)
    expect(commitments).toEqual([expect.stringMatching(/^[\w-]{43}$/), commitments[0]])
  })

  test('stand in no way of what was proved before: older exports and receipts hold', async () => {
    const { owner, erase, logId } = await worked()
    const [keys, export1] = [[await vkeyOf(owner)], await exported(owner)]
    const leaves = await leavesOf(logId)
    const receipts = await Promise.all(leaves.map(({ leaf }) => get(owner, `/v1/audit/proof/${leaf.seq}`)))
    await erase()
    expect(await verdictOf(export1, { keys })).toBe('sound')
    for (const [seq, { text }] of leaves.entries()) {
      const receipt = receipts[seq]?.text ?? ''
      expect((await checkReceipt(receipt, text, keys[0] ?? '')).index).toBe(seq)
      expect((await get(owner, `/v1/audit/proof/${seq}`)).text).toBe(receipt)
    }
    const since = receipts.at(-1)?.text.split('\n\n').slice(1).join('\n\n') ?? ''
    expect(await verdictOf(await exported(owner), { keys, since })).toBe('sound')
  })

  test('are kept anew from their next change on, under another salt: nobody can link them to the erased ones', async () => {
    const { owner, member, erase, logId } = await worked()
    await erase()
    await made(member, 'monitor.create', MONITOR)
    const commitments = (await leavesOf(logId))
      .filter(({ leaf }) => leaf.user === member.userId)
      .map(({ leaf }) => leaf.person)
    expect(new Set(commitments.slice(0, 2)).size).toBe(1)
    expect(commitments[2]).not.toBe(commitments[0])
    expect(await verify(await exported(owner))).toMatchObject({ verdict: 'sound', erased: 2 })
  })

  test('are erased in one workspace only', async () => {
    const { owner, member, erase } = await worked()
    const other = await newPerson('Katherine Johnson')
    const rows = async () => (await rowsOf('audit_person')).filter((row) => row.log_id === other.workspaceId)
    const before = await rows()
    expect(before).toHaveLength(1)
    expect((await erase(other.userId)).status).toBe(404)
    await erase()
    expect(await rows()).toEqual(before)
    // The member's own account has a log of its own.
    expect((await rowsOf('audit_person')).filter((row) => row.log_id === member.userId)).not.toEqual([])
    expect(owner.workspaceId).not.toBe(other.workspaceId)
  })
})

describe('erasing is refused', () => {
  test('to an API key, and to everybody but an owner', async () => {
    const { owner, member, erase } = await worked()
    const before = await rowsOf('audit_person')
    for (const role of ['viewer', 'member', 'admin']) {
      const somebody = await newMember(owner, role, role)
      expect([role, (await erase(member.userId, somebody)).status]).toEqual([role, 403])
    }
    for (const scope of ['read', 'write'] as const) {
      const { token } = await newApiKey(owner, scope)
      expect([scope, (await erase(member.userId, token)).status]).toEqual([scope, 403])
    }
    expect((await ask('POST', `/v1/people/${member.userId}/erase`)).status).toBe(401)
    const after = await rowsOf('audit_person')
    for (const row of before) expect(after).toContainEqual(row)
  })

  test('of oneself, of nobody, and of what is no person', async () => {
    const { owner, member, erase } = await worked()
    const self = await erase(owner.userId)
    expect([self.status, self.body.code]).toEqual([409, 'conflict'])
    expect((await erase(newId('user'))).status).toBe(404)
    expect((await erase('somebody')).status).toBe(422)
    expect((await erase()).status).toBe(200)
    expect((await erase()).status).toBe(404)
    expect(member.userId).not.toBe(owner.userId)
  })

  test('to nobody because of the plan: a free workspace erases too', async () => {
    const { owner, erase } = await worked()
    await setPlan(owner, 'free')
    expect((await erase()).status).toBe(200)
  })
})
