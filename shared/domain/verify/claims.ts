/** What a leaf says of itself, as far as a check needs it. Whatever else stands there, or nothing at all, is no claim. */
export interface Claims {
  log?: unknown
  seq?: unknown
  person?: unknown
}

/** The claims of a text; what somebody wrote in place of an entry need not be JSON. */
export function claimsOf(text: string): Claims {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}
