/** What a leaf says of itself, as far as a check needs it. Whatever else stands there, or nothing at all, is no claim. */
export interface Claims {
  log?: unknown
  seq?: unknown
  user?: unknown
  person?: unknown
  action?: unknown
  entity?: { id?: unknown } | null
  after?: { minimum?: unknown } | null
  outcome?: unknown
}

/** The claims of a text; what somebody wrote in place of an entry need not be JSON. */
export function claimsOf(text: string): Claims {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

/** An entry that prunes says below which one texts are gone; 0 for every other entry. Never above itself. */
export function prunedBelow({ action, outcome, after, seq }: Claims): number {
  const minimum = action === 'audit_log.prune' && outcome === 'ok' ? after?.minimum : 0
  return typeof minimum === 'number' && typeof seq === 'number' ? Math.min(minimum, seq) : 0
}

/** Whose personal fields an entry has erased; null for every other entry. */
export const erasedBy = ({ action, outcome, entity }: Claims): unknown =>
  action === 'person.erase' && outcome === 'ok' ? (entity?.id ?? null) : null
