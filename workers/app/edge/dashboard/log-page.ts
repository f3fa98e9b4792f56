import { toBase64 } from '../../../../shared/domain/base64.ts'
import { parseTreeHead } from '../../../../shared/domain/checkpoint.ts'
import { parseNote } from '../../../../shared/domain/note.ts'
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

/** How a log stands: by its own check, where that could be asked, and its signed head in any case. */
export function standingOf(place: LogPlace, log: string, checkpoint: string, state: LogState | null): LogStanding {
  const head = parseTreeHead(parseNote(checkpoint)?.text ?? '')
  return {
    place,
    log,
    size: head?.size ?? 0,
    root: head ? toBase64(head.root) : '',
    checkedSize: state?.checked.size ?? 0,
    checkedAt: state?.checked.at ?? 0,
    finding: state?.checked.finding ?? null,
    known: state !== null,
  }
}

/** What a form that is a query asks for: fields that are left empty are not asked for. */
export const askedOf = (query: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))
