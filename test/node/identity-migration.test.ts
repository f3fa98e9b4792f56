import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'

const FOLDER = new URL('../../d1-migrations/', import.meta.url)
const NAMES = readdirSync(FOLDER).toSorted()
const OWN = NAMES.indexOf('0013_identity.sql')

const HASHES = ['a', 'b', 'c'].map((letter) => letter.repeat(64))

/** A database as it was before people could have several ways to sign in, with two of them. */
function before(): DatabaseSync {
  const db = new DatabaseSync(':memory:')
  const apply = (names: string[]) => {
    for (const name of names) db.exec(readFileSync(new URL(name, FOLDER), 'utf8'))
  }
  apply(NAMES.slice(0, 2))
  for (const [id, name] of [
    ['usr_1', 'Ada'],
    ['usr_2', 'Grace'],
  ] as const) {
    db.prepare('INSERT INTO user VALUES (?, ?, ?, 1)').run(id, name, `${id}@example.test`)
    db.prepare('INSERT INTO identity VALUES (?, ?, ?, ?, ?, 1)').run(
      'https://github.test',
      id,
      `idn_${id}`,
      id,
      'github',
    )
  }
  const session = db.prepare('INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)')
  for (const [i, [hash, at]] of HASHES.map((hash, i) => [hash, [20, 30, 40][i]] as const).entries())
    session.run(hash, i < 2 ? 'usr_1' : 'usr_2', `attempt ${i}`, 'github', '', at ?? 0, at ?? 0)
  apply(NAMES.slice(2, OWN))
  return db
}

const migrate = (db: DatabaseSync) => db.exec(readFileSync(new URL(NAMES[OWN] ?? '', FOLDER), 'utf8'))
const all = (db: DatabaseSync, sql: string) =>
  db
    .prepare(sql)
    .all()
    .map((row) => ({ ...row }))

test('who has signed in before keeps their one way in, their sessions of it, and the address that it had', () => {
  const db = before()
  migrate(db)
  expect(all(db, 'SELECT user_id, name, email, last_used_at FROM identity ORDER BY user_id')).toEqual([
    { user_id: 'usr_1', name: 'Ada', email: 'usr_1@example.test', last_used_at: 30 },
    { user_id: 'usr_2', name: 'Grace', email: 'usr_2@example.test', last_used_at: 40 },
  ])
  expect(all(db, 'SELECT hash, identity_id FROM session ORDER BY hash')).toEqual(
    HASHES.map((hash, i) => ({ hash, identity_id: i < 2 ? 'idn_usr_1' : 'idn_usr_2' })),
  )
})

test('the gate of identities that stood open for it is shut again', () => {
  const db = before()
  migrate(db)
  for (const sql of [
    `UPDATE identity SET email = 'eve@example.test'`,
    `UPDATE session SET identity_id = 'idn_usr_2'`,
    'DELETE FROM identity',
  ])
    expect(() => db.exec(sql)).toThrow('unaudited write')
})
