import { expect } from 'vitest'
import type { AuditLeaf } from '../../shared/contracts/audit.ts'
import { statement } from './database.ts'
import { foldRange, hex, naiveLeafHash, naiveTree } from './rfc6962.ts'

export interface StoredEntry {
  seq: number
  /** The bytes that were hashed, as text. */
  text: string
  leaf: AuditLeaf
  leafHash: number[]
  range: number[]
  person: { salt: number[]; json: string } | null
}

/** A log as it stands in the database, oldest entry first. A body without a log row, or the other way, throws. */
export async function readLog(logId: string): Promise<StoredEntry[]> {
  const read = async <T>(table: string, order = 'ORDER BY seq') =>
    (await statement(`SELECT * FROM ${table} WHERE log_id = ? ${order}`, logId).all<T>()).results
  const bodies = await read<{ seq: number; leaf: string; person: string | null }>('audit_body')
  const logs = await read<{ seq: number; leaf_hash: number[]; range: number[] }>('audit_log')
  const people = await read<{ commitment: string; salt: number[]; json: string }>('audit_person', '')
  expect(logs.map((log) => log.seq)).toEqual(bodies.map((body) => body.seq))
  return bodies.map(({ seq, leaf, person: commitment }, i) => {
    const person = people.find((candidate) => candidate.commitment === commitment)
    return {
      seq,
      text: leaf,
      leaf: JSON.parse(leaf),
      leafHash: logs[i]?.leaf_hash ?? [],
      range: logs[i]?.range ?? [],
      person: person ? { salt: person.salt, json: person.json } : null,
    }
  })
}

/** SHA-256(salt ‖ json), base64url without padding. */
async function commitmentOf({ salt, json }: { salt: number[]; json: string }): Promise<string> {
  const bytes = Uint8Array.from([...salt, ...new TextEncoder().encode(json)])
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return btoa(String.fromCharCode(...hash))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/**
 * Checks a log as an outsider would, with nothing of the product's: no gap, every leaf hash made again from the stored
 * bytes, every stored range against the tree over all leaf hashes, every commitment to a person. Answers the entries.
 */
export async function soundLog(logId: string): Promise<StoredEntry[]> {
  const entries = await readLog(logId)
  expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_, i) => i))
  const hashes = await Promise.all(entries.map(({ text }) => naiveLeafHash(new TextEncoder().encode(text))))
  expect(entries.map((entry) => hex(entry.leafHash))).toEqual(hashes.map(hex))
  const tree = naiveTree(hashes)
  for (const { seq, range, leaf, person } of entries) {
    expect([seq, hex(await foldRange(range))]).toEqual([seq, hex(await tree.root(seq + 1))])
    expect([leaf.log, leaf.seq]).toEqual([logId, seq])
    expect([seq, leaf.person]).toEqual([seq, person && (await commitmentOf(person))])
  }
  return entries
}
