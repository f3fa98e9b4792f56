/**
 * A fault as one structured log line, for the operator: what happened and the kind of the error. Never its message, which
 * may hold what somebody sent.
 */
export function logFault(event: string, error: unknown, fields: Record<string, unknown> = {}): void {
  const name = error instanceof Error ? error.name : typeof error
  console.error(JSON.stringify({ event, ...fields, name }))
}

/** Nothing, for what a page can do without: it says that this is not known, and the operator's log says why. */
export function unknown(event: string, error: unknown): null {
  logFault(event, error)
  return null
}
