import type { ExportEntry } from '../../contracts/audit-export.ts'
import { fromBase64, toBase64url } from '../base64.ts'
import { leafHash } from '../merkle.ts'
import type { Findings } from './report.ts'

const encoder = new TextEncoder()
export const bytesOf = (base64: string): Uint8Array => fromBase64(base64) ?? new Uint8Array()
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i])

/** What a leaf says about itself: enough to tell where it belongs. */
function claimsOf(text: string): { log?: unknown; seq?: unknown; person?: unknown } {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

/** Whether the personal fields are those that the leaf commits to: `kept`, `erased`, or a finding. */
async function checkPerson({ seq, person }: ExportEntry, commitment: unknown, findings: Findings): Promise<boolean> {
  if (typeof commitment !== 'string') {
    if (person) findings.find('altered', seq, `Entry ${seq} has personal fields that it does not commit to.`)
    return false
  }
  if (!person) return true
  const input = new Uint8Array([...bytesOf(person.salt), ...encoder.encode(person.json)])
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', input))
  if (toBase64url(hash) !== commitment)
    findings.find('altered', seq, `The personal fields of entry ${seq} are not the ones it commits to.`)
  return false
}

/** Checks one entry by itself. Answers its leaf hash, and whether its personal fields are erased. */
export async function checkEntry(line: ExportEntry, log: string, findings: Findings) {
  const { seq, leaf } = line
  const claims = claimsOf(leaf)
  const hash = await leafHash(encoder.encode(leaf))
  if (claims.log !== log)
    findings.find('wrong workspace', seq, `Entry ${seq} belongs to the log ${String(claims.log).slice(0, 64)}.`)
  else if (claims.seq !== seq)
    findings.find('reordered', seq, `Entry ${seq} says of itself that it is entry ${String(claims.seq).slice(0, 20)}.`)
  else if (!sameBytes(hash, bytesOf(line.hash)))
    findings.find('altered', seq, `The text of entry ${seq} is not what was hashed.`)
  return { hash, erased: await checkPerson(line, claims.person, findings) }
}
