import type { EpochSalt } from '../crypto/sealed.ts'
import type { Credential } from '../services/context.ts'

/** Enough for everybody who changes a workspace between two evictions of its object. */
const MAX_KNOWN = 1000

/**
 * What the only writer of a workspace need not ask twice while it is awake, because nobody else can change it: the salts
 * of its keys, and which personal fields its log has already. Losing it costs a statement, never a wrong entry.
 */
export function makeMemory() {
  let keys: EpochSalt[] | null = null
  const salts = new Map<string, Uint8Array>()
  const commitments = new Set<string>()
  const nameOf = (credential: Credential) =>
    credential.type === 'session' || credential.type === 'api_key' ? credential.hash : null

  return {
    keys: () => keys,
    keepKeys(found: EpochSalt[]): void {
      if (found.length > 0) keys = found
    },
    /** The salt of whoever is behind a credential, when a change of theirs has been committed before. */
    salt: (credential: Credential): Uint8Array | null => salts.get(nameOf(credential) ?? '') ?? null,
    hasPerson: (commitment: string): boolean => commitments.has(commitment),
    /** Personal fields that a batch has just stored. */
    keepPerson(credential: Credential, { salt, commitment }: { salt: Uint8Array; commitment: string }): void {
      if (salts.size >= MAX_KNOWN || commitments.size >= MAX_KNOWN) this.forget()
      const name = nameOf(credential)
      if (name !== null) salts.set(name, salt)
      commitments.add(commitment)
    },
    /** Somebody was erased, or a batch's end is not known: everything is asked again. */
    forget(): void {
      keys = null
      salts.clear()
      commitments.clear()
    },
  }
}

export type Memory = ReturnType<typeof makeMemory>
