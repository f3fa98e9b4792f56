import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Person } from '../lib/candor.ts'
import {
  closeEntry,
  dump,
  leafText,
  nextSeq,
  openEntry,
  refusalOf,
  rowsOf,
  statement,
  tableNames,
  tableOf,
} from '../lib/database.ts'
import { made, newWorld, settled } from '../lib/world.ts'

const LOG_TABLES = (await tableNames()).filter((name) => name.startsWith('audit_'))

let ada: Person
let mine: string
let theirs: string
/** Sequence of the next entry of my workspace. */
let next: number
beforeAll(async () => {
  ada = (await newWorld('Ada Lovelace')).person
  mine = ada.workspaceId
  theirs = (await newWorld('Grace Hopper')).person.workspaceId
  await settled()
})
beforeEach(async () => {
  next = await nextSeq(mine)
})

/** Batches that are refused for one reason, and leave the database as it was. */
async function expectRefused(why: string | RegExp, batches: Record<string, readonly D1PreparedStatement[]>) {
  const before = await dump()
  const reason = typeof why === 'string' ? expect.stringContaining(why) : expect.stringMatching(why)
  for (const [what, batch] of Object.entries(batches))
    expect([what, await refusalOf([...batch])]).toEqual([what, reason])
  expect(await dump()).toBe(before)
}

const body = (verb: string, seq: number, leaf = leafText(mine, seq)) =>
  statement(`${verb} INTO audit_body (log_id, seq, leaf) VALUES (?, ?, ?)`, mine, seq, leaf)
const log = (verb: string, seq: number) =>
  statement(
    `${verb} INTO audit_log (log_id, seq, leaf_hash, range) VALUES (?, ?, randomblob(32), randomblob(32))`,
    mine,
    seq,
  )
const COMMITMENT = 'c'.repeat(43)
/** Personal fields to which the entries of `committed` commit. */
const person = (verb: string, commitment = COMMITMENT) =>
  statement(
    `${verb} INTO audit_person (log_id, user_id, commitment, salt, json) VALUES (?, 'usr_1', ?, randomblob(32), '{}')`,
    mine,
    commitment,
  )
const committed = (seq: number) => openEntry(mine, seq, leafText(mine, seq, { person: COMMITMENT }))
const INSERTS = ['INSERT', 'INSERT OR REPLACE', 'REPLACE']
const each = (make: (verb: string) => D1PreparedStatement[]) =>
  Object.fromEntries(INSERTS.map((verb) => [verb, make(verb)]))

describe.each(LOG_TABLES)('what stands in %s', (name) => {
  test('is never changed and never deleted', async () => {
    const { columns } = await tableOf(name)
    const [row] = (await rowsOf(name)).filter((candidate) => candidate.log_id === mine)
    const last = name === 'audit_person' ? 'commitment' : 'seq'
    const one = `WHERE log_id = '${mine}' AND ${last} = '${row?.[last]}'`
    expect(row).toBeDefined()
    const writes = [
      ...columns.flatMap((column) => [
        `UPDATE ${name} SET ${column} = ${column} ${one}`,
        `UPDATE OR REPLACE ${name} SET ${column} = ${column}`,
      ]),
      `UPDATE OR REPLACE ${name} SET ${last} = ${last} || '1' ${one}`,
      `UPDATE ${name} SET log_id = '${theirs}' ${one}`,
      `DELETE FROM ${name} ${one}`,
      `DELETE FROM ${name} WHERE log_id = '${mine}' AND ${last} = (SELECT max(${last}) FROM ${name} WHERE log_id = '${mine}')`,
      `DELETE FROM ${name}`,
    ]
    await expectRefused('audit log is append-only', Object.fromEntries(writes.map((sql) => [sql, [statement(sql)]])))
    // Nor by a batch that has an entry of its own.
    await expectRefused(
      'audit log is append-only',
      Object.fromEntries(writes.map((sql) => [sql, [openEntry(mine, next), statement(sql), closeEntry(mine, next)]])),
    )
  })

  test('is never replaced by an insert', async () => {
    const { columns, key } = await tableOf(name)
    const list = columns.join(', ')
    const copy = `INTO ${name} (${list}) SELECT ${list} FROM ${name} WHERE log_id = '${mine}'`
    const upsert = `ON CONFLICT (${key.join(', ')}) DO`
    const writes = [
      `INSERT OR REPLACE ${copy}`,
      `REPLACE ${copy}`,
      `INSERT OR IGNORE ${copy}`,
      `INSERT ${copy} ${upsert} UPDATE SET log_id = excluded.log_id`,
      `INSERT ${copy} ${upsert} NOTHING`,
    ]
    await expectRefused('audit entry is not the head', Object.fromEntries(writes.map((sql) => [sql, [statement(sql)]])))
  })
})

describe('an entry', () => {
  test('that opens and does not close takes its whole batch with it', async () => {
    const others = await nextSeq(theirs)
    const rename = statement(`UPDATE workspace SET name = 'Taken' WHERE workspace_id = ?`, mine)
    // The deferred foreign key speaks at the commit. It is blunt: D1 answers with an internal error and begins anew.
    await expectRefused(/internal error|FOREIGN KEY/, {
      'with a write': [committed(next), person('INSERT'), rename],
      'beside one that closes': [openEntry(theirs, others), openEntry(mine, next), rename, closeEntry(theirs, others)],
    })
    expect(await made(ada, 'workspace.rename', { name: 'The database goes on' })).toBe(mine)
  })

  test('that closes without having opened is refused', async () => {
    await expectRefused(
      'audit entry is not the head',
      each((verb) => [log(verb, next)]),
    )
  })

  test('leaves no gap, and is not put before the first or in between', async () => {
    const seqs = [next + 1, next + 100, next - 1, 0, -1]
    const whole = seqs.flatMap((seq) =>
      INSERTS.map((verb) => [`${verb} at ${seq}`, [body(verb, seq), log(verb, seq)]] as const),
    )
    const closed = seqs.flatMap((seq) =>
      INSERTS.map((verb) => [`${verb}, closed at ${seq}`, [openEntry(mine, next), log(verb, seq)]] as const),
    )
    await expectRefused('audit entry is not the head', Object.fromEntries([...whole, ...closed]))
  })

  test('has one body and one log row', async () => {
    await expectRefused(
      'audit entry is not the head',
      each((verb) => [openEntry(mine, next), body(verb, next), closeEntry(mine, next)]),
    )
    await expectRefused(
      'audit entry is not the head',
      each((verb) => [openEntry(mine, next), closeEntry(mine, next), log(verb, next)]),
    )
  })

  test('says in its own bytes which log it is in and where', async () => {
    const leaves = {
      'another sequence': leafText(mine, next + 1),
      'the sequence as a text': leafText(mine, next, { seq: String(next) }),
      'no sequence': leafText(mine, next, { seq: null }),
      'another log': leafText(theirs, next),
      'no log': leafText(mine, next, { log: undefined }),
    }
    const batches = Object.entries(leaves).flatMap(([what, leaf]) =>
      INSERTS.map((verb) => [`${what}, ${verb}`, [body(verb, next, leaf), log(verb, next)]] as const),
    )
    await expectRefused('audit entry is not the head', Object.fromEntries(batches))
  })

  test('takes no idempotency key that another entry has, not by replacing that entry either', async () => {
    const leaf = leafText(mine, next, { idempotencyKey: 'once' })
    expect(await refusalOf([openEntry(mine, next, leaf), closeEntry(mine, next)])).toBeNull()
    const again = leafText(mine, next + 1, { idempotencyKey: 'once' })
    await expectRefused(
      'audit entry is not the head',
      each((verb) => [body(verb, next + 1, again), log(verb, next + 1)]),
    )
  })

  test('is JSON of at most 65,535 bytes, with hashes of 32', async () => {
    const padded = (bytes: number) => leafText(mine, next).replace('{', `{${' '.repeat(bytes)}`)
    const room = 65_535 - leafText(mine, next).length
    const hashes = (leafHash: number, range: number) => [
      openEntry(mine, next),
      statement(
        `INSERT INTO audit_log (log_id, seq, leaf_hash, range) VALUES (?, ?, zeroblob(${leafHash}), zeroblob(${range}))`,
        mine,
        next,
      ),
    ]
    await expectRefused(/CHECK constraint failed|malformed JSON/, {
      'a byte too long': [openEntry(mine, next, padded(room + 1)), closeEntry(mine, next)],
      'long in bytes, not in characters': [
        openEntry(mine, next, leafText(mine, next, { requestId: 'é'.repeat(40_000) })),
        closeEntry(mine, next),
      ],
      'not JSON': [openEntry(mine, next, `${leafText(mine, next)},`), closeEntry(mine, next)],
      'a short leaf hash': hashes(31, 32),
      'a long leaf hash': hashes(33, 32),
      'no range': hashes(32, 0),
      'half a hash in the range': hashes(32, 48),
    })
    expect(await refusalOf([openEntry(mine, next, padded(room)), closeEntry(mine, next)])).toBeNull()
  })
})

describe('the personal fields of an entry', () => {
  test('come with the entry that commits to them, not before, not after, and no others', async () => {
    const batches = INSERTS.map(
      (verb): Record<string, D1PreparedStatement[]> => ({
        [`${verb} before the entry`]: [person(verb), committed(next), closeEntry(mine, next)],
        [`${verb} after the entry`]: [committed(next), closeEntry(mine, next), person(verb)],
        [`${verb} to which it does not commit`]: [
          committed(next),
          person(verb, 'd'.repeat(43)),
          closeEntry(mine, next),
        ],
        [`${verb} of an entry that commits to none`]: [openEntry(mine, next), person(verb), closeEntry(mine, next)],
        [`${verb} others in their place`]: [committed(next), person(verb), person(verb), closeEntry(mine, next)],
      }),
    )
    await expectRefused('audit entry is not the head', Object.assign({}, ...batches))
  })

  test('are noted once for all the entries that commit to the same ones', async () => {
    const again = statement(
      `INSERT OR IGNORE INTO audit_person SELECT * FROM audit_person WHERE log_id = ? AND commitment = ?`,
      mine,
      COMMITMENT,
    )
    expect(await refusalOf([committed(next), person('INSERT'), closeEntry(mine, next)])).toBeNull()
    const before = await dump(['audit_person'])
    expect(await refusalOf([committed(next + 1), again, closeEntry(mine, next + 1)])).toBeNull()
    expect(await dump(['audit_person'])).toBe(before)
  })

  const erase = () => statement('DELETE FROM audit_person WHERE log_id = ? AND user_id = ?', mine, ada.userId)
  const opens = (action: string, logId: string, seq: number, id = ada.userId) =>
    openEntry(logId, seq, leafText(logId, seq, { action, entity: { type: 'person', id } }))

  test('are erased inside an entry that says so, and nowhere else', async () => {
    const others = await nextSeq(theirs)
    await expectRefused('audit log is append-only', {
      'without an entry': [erase()],
      'inside another action': [opens('person.update', mine, next), erase(), closeEntry(mine, next)],
      'after the entry has closed': [opens('person.erase', mine, next), closeEntry(mine, next), erase()],
      'inside the entry of somebody else': [
        opens('person.erase', mine, next, 'usr_1'),
        erase(),
        closeEntry(mine, next),
      ],
      "inside another workspace's entry": [opens('person.erase', theirs, others), erase(), closeEntry(theirs, others)],
    })
    const count = async () =>
      (await rowsOf('audit_person')).filter((row) => row.log_id === mine && row.user_id === ada.userId).length
    const kept = await dump(['audit_body', 'audit_log'])
    expect(await count()).toBeGreaterThan(0)
    expect(await refusalOf([opens('person.erase', mine, next), erase(), closeEntry(mine, next)])).toBeNull()
    expect(await count()).toBe(0)
    // What was committed to stands as it was; only the entry of the erasure has come.
    const after = (await dump(['audit_body', 'audit_log'])).split('\n')
    expect(kept.split('\n').filter((line) => !after.includes(line))).toEqual([])
    expect(after.length).toBe(kept.split('\n').length + 2)
  })
})
