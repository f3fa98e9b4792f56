import { beforeEach, describe, expect, test } from 'vitest'
import { newPerson, type Person, signedIn } from '../lib/candor.ts'
import {
  closeEntry,
  nextSeq,
  openEntry,
  type Row,
  refusalOf,
  rowsOf,
  statement,
  tableNames,
  tableOf,
} from '../lib/database.ts'

const DAY_MS = 86_400_000

describe('what belongs to a person changes only with an entry of their own log', () => {
  let ada: Person
  let eve: Person
  beforeEach(async () => {
    ;[ada, eve] = [await newPerson('Ada Lovelace'), await newPerson('Eve')]
  })

  const OWNER: Record<string, string> = { user: 'id', identity: 'user_id', session: 'user_id' }
  const ownRow = async (table: string, person: Person): Promise<Row> =>
    (await rowsOf(table)).find((row) => row[OWNER[table] ?? ''] === person.userId) ?? expect.unreachable()
  const insert = (verb: string, table: string, row: Row) =>
    statement(
      `${verb} INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.keys(row)
        .map(() => '?')
        .join(', ')})`,
      ...Object.values(row),
    )
  /** The same row once more, as far as it can be: everything that has to be unique is another. */
  const another = (row: Row): Row => {
    const other = { ...row }
    for (const name of ['hash', 'attempt', 'subject', 'email']) {
      const value = row[name]
      if (typeof value === 'string') other[name] = value.split('').toReversed().join('')
    }
    return other
  }
  const keyOf = async (table: string, row: Row) => {
    const { key } = await tableOf(table)
    return { where: key.map((name) => `${name} = ?`).join(' AND '), values: key.map((name) => row[name] ?? null) }
  }
  /** Writes inside an entry of somebody's log, as only that person's own object makes one. */
  const inEntryOf = async ({ userId }: Person, writes: D1PreparedStatement[]) => {
    const seq = await nextSeq(userId)
    return refusalOf([openEntry(userId, seq), ...writes, closeEntry(userId, seq)])
  }

  test('the tables of people are these three', async () => {
    const personal = []
    for (const name of await tableNames()) {
      const { columns, key } = await tableOf(name)
      const ofPerson = name === 'user' || columns.includes('user_id')
      // A session says which workspace it is in, and is its person's all the same.
      if (ofPerson && !key.includes('workspace_id') && !columns.includes('log_id')) personal.push(name)
    }
    expect(personal).toEqual(Object.keys(OWNER).toSorted())
  })

  test.each(Object.keys(OWNER))('%s: no row is made, changed, replaced or deleted without one', async (table) => {
    const row = await ownRow(table, ada)
    const { where, values } = await keyOf(table, row)
    const free = table === 'session' ? ['last_seen_at'] : []
    const writes: [string, D1PreparedStatement][] = [
      ['delete', statement(`DELETE FROM ${table} WHERE ${where}`, ...values)],
      ...Object.entries(row)
        .filter(([name]) => !free.includes(name))
        .map(([name, value]): [string, D1PreparedStatement] => {
          const isText = typeof value === 'string'
          const other = isText ? value.split('').toReversed().join('') : Number(value) + 1
          return [`update of ${name}`, statement(`UPDATE ${table} SET ${name} = ? WHERE ${where}`, other, ...values)]
        }),
      ...['INSERT', 'INSERT OR REPLACE', 'INSERT OR IGNORE'].map((verb): [string, D1PreparedStatement] => [
        verb,
        insert(verb, table, table === 'user' ? { ...another(row), id: 'usr_00000000001' } : another(row)),
      ]),
      ['INSERT OR REPLACE of the same', insert('INSERT OR REPLACE', table, row)],
    ]
    const refused = /unaudited write|is taken/
    for (const [what, write] of writes) {
      expect([what, await refusalOf([write])]).toEqual([what, expect.stringMatching(refused)])
      expect([`${what}, with another's entry`, await inEntryOf(eve, [write])]).toEqual([
        `${what}, with another's entry`,
        expect.stringMatching(refused),
      ])
    }
    expect(await ownRow(table, ada)).toEqual(row)
  })

  test('with one, the very same are made', async () => {
    const session = await ownRow('session', ada)
    const { where, values } = await keyOf('session', session)
    expect(
      await inEntryOf(ada, [
        insert('INSERT', 'session', another(session)),
        insert('INSERT', 'identity', another(await ownRow('identity', ada))),
        statement(`DELETE FROM session WHERE ${where}`, ...values),
        statement('UPDATE user SET name = ? WHERE id = ?', 'Ada King', ada.userId),
      ]),
    ).toBeNull()
  })

  test('with an entry of one’s own, nobody takes another’s identity, e-mail address or session', async () => {
    const mine = {
      user: await ownRow('user', eve),
      identity: await ownRow('identity', eve),
      session: await ownRow('session', eve),
    }
    const theirs = {
      user: await ownRow('user', ada),
      identity: await ownRow('identity', ada),
      session: await ownRow('session', ada),
    }
    const taken = (table: string, row: Row, owner: Row) => insert('INSERT OR REPLACE', table, { ...row, ...owner })
    for (const [what, write] of [
      ['identity', taken('identity', theirs.identity, { user_id: eve.userId })],
      ['session by hash', taken('session', theirs.session, { user_id: eve.userId })],
      [
        'session by attempt',
        taken('session', { ...theirs.session, hash: another(theirs.session).hash ?? '' }, { user_id: eve.userId }),
      ],
      ['e-mail, replaced', taken('user', mine.user, { email: theirs.user.email ?? '' })],
      [
        'e-mail, updated',
        statement('UPDATE OR REPLACE user SET email = ? WHERE id = ?', theirs.user.email ?? '', eve.userId),
      ],
      [
        'identity, updated',
        statement(
          'UPDATE OR REPLACE identity SET issuer = ?, subject = ? WHERE user_id = ?',
          theirs.identity.issuer ?? '',
          theirs.identity.subject ?? '',
          eve.userId,
        ),
      ],
      [
        'session, updated',
        statement('UPDATE OR REPLACE session SET hash = ? WHERE user_id = ?', theirs.session.hash ?? '', eve.userId),
      ],
      ['session, moved', statement('UPDATE session SET user_id = ? WHERE user_id = ?', eve.userId, ada.userId)],
      ['identity, moved', statement('UPDATE identity SET user_id = ? WHERE user_id = ?', eve.userId, ada.userId)],
    ] as const)
      expect([what, await inEntryOf(eve, [write])]).toEqual([what, expect.stringMatching(/unaudited write|is taken/)])
    for (const table of ['user', 'identity', 'session'] as const) {
      expect(await ownRow(table, ada)).toEqual(theirs[table])
      expect(await ownRow(table, eve)).toEqual(mine[table])
    }
  })

  test('when a session was last seen may be noted, and one that is over may be swept away: nobody decides that', async () => {
    const old = await signedIn(ada.workspaceId, ada.userId, Date.now() - 31 * DAY_MS)
    const hashOf = ({ session }: Person) => ('hash' in session ? session.hash : expect.unreachable())
    const seen = statement('UPDATE session SET last_seen_at = last_seen_at + 1 WHERE hash = ?', hashOf(ada))
    expect(await refusalOf([seen])).toBeNull()
    const sweep = (person: Person) => statement('DELETE FROM session WHERE hash = ?', hashOf(person))
    expect(await refusalOf([sweep(old)])).toBeNull()
    expect(await refusalOf([sweep(ada)])).toContain('unaudited write')
    const older = statement('UPDATE session SET created_at = 0, last_seen_at = 0 WHERE hash = ?', hashOf(ada))
    expect(await refusalOf([older, sweep(ada)])).toContain('unaudited write')
  })
})
