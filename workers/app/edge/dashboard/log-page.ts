import { toBase64 } from '../../../../shared/domain/base64.ts'
import { AppError, type FieldError } from '../../../../shared/errors.ts'
import type { LogStanding } from '../../pages/components/audit-badge.tsx'
import type { LogPlace } from '../../pages/components/log-place.ts'
import type { LogState } from '../../workspace/checker.ts'

/** Scripts of our own, for the pages that have one. It still sets no HTML: Trusted Types stay off limits. */
export const SCRIPT_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/** A head of a log, as it would be signed. */
export interface SizedRoot {
  size: number
  root: Uint8Array
}

/** How a log stands; by its own check where that could be asked, and its head in D1 in any case. */
export const standingOf = (place: LogPlace, log: string, head: SizedRoot, state: LogState | null): LogStanding => ({
  place,
  log,
  size: head.size,
  root: toBase64(head.root),
  checkedSize: state?.checked.size ?? 0,
  checkedSince: state?.checked.begun ?? 0,
  checkedAt: state?.checked.at ?? 0,
  finding: state?.checked.finding ?? null,
  known: state !== null,
})

/** What the form of a log's filter shows, and the links to more of the same have: what was given, but for its page. */
export const filterOf = ({ cursor: _, limit: __, ...query }: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))

/** What is wrong with a filter, for its form. Anything else is thrown on. */
export function wrongFilter(error: unknown): FieldError[] {
  if (!(error instanceof AppError) || error.code !== 'invalid') throw error
  return error.fields ?? [{ field: '', message: error.message }]
}
