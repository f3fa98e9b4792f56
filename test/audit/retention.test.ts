import { describe, expect, test, vi } from 'vitest'
import type { ExportLine } from '../../shared/contracts/audit-export.ts'
import { LIMITS } from '../../workers/app/services/limits.ts'
import { exported, get, nightlyPass, oldLog, setPlan, verdictOf, verify, vkeyOf } from '../lib/audit.ts'
import { ask, mutateAs, newPerson, type Person } from '../lib/candor.ts'
import { leafText, nextSeq, openEntry, pastTheGates, refusalOf, statement } from '../lib/database.ts'
import { command } from '../lib/operator.ts'
import { checkReceipt } from '../lib/second-verifier.ts'
import { leavesOf } from '../lib/varied-log.ts'
import { bySystem, made } from '../lib/world.ts'

/** Entries of `oldLog`: the workspace and three monitors. */
const OLD = 4
const kept = async ({ workspaceId }: Person) => (await leavesOf(workspaceId)).map(({ leaf }) => leaf.seq)

describe('entries that are older than the plan keeps them', () => {
  test('lose their texts at night, after a check that came out right, and an entry says up to where', async () => {
    const person = await oldLog()
    await made(person, 'workspace.rename', { name: 'Now' })
    await nightlyPass(person.workspaceId)
    const leaves = await leavesOf(person.workspaceId)
    expect(leaves.map(({ leaf }) => [leaf.seq, leaf.action])).toEqual([
      [OLD, 'workspace.rename'],
      [OLD + 1, 'audit_log.prune'],
    ])
    expect(leaves.at(-1)?.leaf).toMatchObject({
      actor: { type: 'system', id: 'retention' },
      user: null,
      entity: { id: person.workspaceId },
      before: { minimum: 0 },
      after: { minimum: OLD },
    })
  })

  test('are a gap in an export, which is sound; their receipts hold, old ones and new ones', async () => {
    const person = await oldLog()
    await made(person, 'workspace.rename', { name: 'Now' })
    const vkey = await vkeyOf(person)
    const leaves = await leavesOf(person.workspaceId)
    const receipts = await Promise.all(leaves.map(({ leaf }) => get(person, `/v1/audit/proof/${leaf.seq}`)))
    await nightlyPass(person.workspaceId)

    const text = await exported(person)
    const lines: ExportLine[] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines[0]).toMatchObject({ minimum: OLD })
    expect(lines.filter((line) => 'gap' in line)).toMatchObject([{ gap: [0, OLD], why: 'pruned' }])
    const since = receipts.at(-1)?.text.split('\n\n').slice(1).join('\n\n') ?? ''
    expect(await verify(text, { keys: [vkey], since })).toMatchObject({
      verdict: 'sound',
      pruned: OLD,
      leftOut: 0,
      checked: 3,
    })
    for (const [seq, { text }] of leaves.entries()) {
      expect((await checkReceipt(receipts[seq]?.text ?? '', text, vkey)).index).toBe(seq)
      expect((await get(person, `/v1/audit/proof/${seq}`)).text).toBe(receipts[seq]?.text)
    }
  })

  test('are gone from the API too: not found by their number, not in a list, not in a tile of entries', async () => {
    const person = await oldLog()
    await made(person, 'workspace.rename', { name: 'Now' })
    await nightlyPass(person.workspaceId)
    expect((await ask('GET', '/v1/audit-logs/0', { as: person })).status).toBe(404)
    expect((await get(person, '/v1/audit/tile/entries/000.p/5')).status).toBe(404)
    expect((await get(person, '/v1/audit/tile/0/000.p/5')).status).toBe(200)
    const { body } = await ask('GET', '/v1/audit-logs', { as: person })
    expect(body.data.map(({ seq }: { seq: number }) => seq)).not.toContain(0)
  })

  test.each(['free', 'pro'] as const)('are those of the %s plan: a day less is kept', async (plan) => {
    const days = LIMITS[plan].auditDays
    for (const [age, left] of [
      [days + 1, []],
      [days - 1, [0, 1, 2, 3]],
    ] as const) {
      const person = await oldLog(age)
      await setPlan(person, plan)
      await nightlyPass(person.workspaceId)
      expect((await kept(person)).filter((seq) => seq < OLD)).toEqual(left)
    }
  })

  test('written on Pro are kept as long as Pro keeps them, when the plan is a smaller one since', async () => {
    for (const [age, left] of [
      [LIMITS.pro.auditDays + 1, []],
      [LIMITS.free.auditDays + 1, [0, 1, 2, 3]],
    ] as const) {
      const person = await oldLog(age)
      expect((await command(person.workspaceId, 'plan', { plan: 'free' })).status).toBe(200)
      await nightlyPass(person.workspaceId)
      expect((await kept(person)).filter((seq) => seq < OLD)).toEqual(left)
    }
  })

  test('keep their texts on a night whose check finds something: evidence is not thrown away', async () => {
    const person = await oldLog()
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const alter = `UPDATE audit_body SET leaf = replace(leaf, '"One"', '"Eno"') WHERE log_id = ?`
    await pastTheGates([statement(alter, person.workspaceId)])
    expect((await nightlyPass(person.workspaceId)).checked.finding).not.toBeNull()
    expect(await kept(person)).toEqual([0, 1, 2, 3])
  })
})

describe('no text goes in another way', () => {
  test('people and keys cannot prune, and Candor only what is too old', async () => {
    const person = await newPerson()
    // That somebody tried is an entry.
    expect(await mutateAs(person, 'audit_log.prune', {})).toMatchObject({ ok: false, code: 'forbidden' })
    expect(await bySystem(person, 'audit_log.prune', {})).toMatchObject({ ok: false, code: 'conflict' })
    expect(await kept(person)).toEqual([0, 1])
  })

  test('the database deletes no text outside an entry that prunes, nor one at or above what that entry publishes', async () => {
    const person = await oldLog()
    const logId = person.workspaceId
    const next = await nextSeq(logId)
    const remove = (seq: number) => statement('DELETE FROM audit_body WHERE log_id = ? AND seq = ?', logId, seq)
    const opened = (action: string, minimum: number) =>
      openEntry(logId, next, leafText(logId, next, { action, after: { minimum } }))
    for (const [why, statements] of [
      ['no entry', [remove(0)]],
      ['another action', [opened('audit_log.read', 4), remove(0)]],
      ['at the minimum', [opened('audit_log.prune', 2), remove(2)]],
      ['above the minimum', [opened('audit_log.prune', 2), remove(3)]],
      ['no minimum', [openEntry(logId, next, leafText(logId, next, { action: 'audit_log.prune' })), remove(0)]],
      ['the entry itself', [opened('audit_log.prune', next), remove(next)]],
    ] as const) {
      const said = await refusalOf([...statements])
      expect([why, said]).toEqual([why, expect.stringContaining('append-only')])
    }
    expect(await kept(person)).toEqual([0, 1, 2, 3])
    expect(await verdictOf(await exported(person))).toBe('sound')
  })

  test('an entry of one workspace that prunes opens no other workspace’s log', async () => {
    const [person, other] = [await oldLog(), await oldLog()]
    const next = await nextSeq(person.workspaceId)
    const prune = leafText(person.workspaceId, next, { action: 'audit_log.prune', after: { minimum: 4 } })
    const foreign = statement('DELETE FROM audit_body WHERE log_id = ? AND seq = 0', other.workspaceId)
    expect(await refusalOf([openEntry(person.workspaceId, next, prune), foreign])).toContain('append-only')
  })
})
