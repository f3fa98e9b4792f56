import { toBase64 } from '../../../../shared/domain/base64.ts'
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

/** What a form that is a query asks for: fields that are left empty are not asked for. */
export const askedOf = (query: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))
