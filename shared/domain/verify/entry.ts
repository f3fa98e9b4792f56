import type { ExportEntry } from '../../contracts/audit-export.ts'
import { fromBase64, toBase64, toBase64url } from '../base64.ts'
import { joinBytes, leafHash, type Sha256 } from '../merkle.ts'
import { type Claims, claimsOf } from './claims.ts'
import type { Findings } from './report.ts'

const encoder = new TextEncoder()
export const bytesOf = (base64: string): Uint8Array => fromBase64(base64) ?? new Uint8Array()
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i])

/** Personal fields that are remembered with their commitment: one row of them serves many entries. */
const MAX_REMEMBERED = 1000

interface CheckedEntry {
  hash: Uint8Array
  claims: Claims
  /** Its personal fields are gone; what it commits to is still there. */
  erased: boolean
}

/** Checks entries of a log, each by itself. */
export function entryChecker(log: string, findings: Findings, sha256: Sha256) {
  const commitments = new Map<string, string>()

  async function commitmentOf({ salt, json }: { salt: string; json: string }): Promise<string> {
    const known = commitments.get(salt + json)
    if (known !== undefined) return known
    if (commitments.size >= MAX_REMEMBERED) commitments.clear()
    const commitment = toBase64url(await sha256(joinBytes(bytesOf(salt), encoder.encode(json))))
    commitments.set(salt + json, commitment)
    return commitment
  }

  /** Whether the personal fields are erased; a finding when they are not those that the leaf commits to. */
  async function checkPerson({ seq, person }: ExportEntry, commitment: unknown): Promise<boolean> {
    if (typeof commitment !== 'string') {
      if (person) findings.find('altered', seq, `Entry ${seq} has personal fields that it does not commit to.`)
      return false
    }
    if (person && (await commitmentOf(person)) !== commitment)
      findings.find('altered', seq, `The personal fields of entry ${seq} are not the ones it commits to.`)
    return !person
  }

  return async (line: ExportEntry): Promise<CheckedEntry> => {
    const { seq, leaf } = line
    const claims = claimsOf(leaf)
    const hash = await leafHash(encoder.encode(leaf), sha256)
    if (claims.log !== log)
      findings.find('wrong workspace', seq, `Entry ${seq} belongs to the log ${String(claims.log).slice(0, 64)}.`)
    else if (claims.seq !== seq)
      findings.find(
        'reordered',
        seq,
        `Entry ${seq} says of itself that it is entry ${String(claims.seq).slice(0, 20)}.`,
      )
    else if (toBase64(hash) !== line.hash)
      findings.find('altered', seq, `The text of entry ${seq} is not what was hashed.`)
    return { hash, claims, erased: await checkPerson(line, claims.person) }
  }
}
