import { isOver } from '../../../shared/domain/grace.ts'
import { AppError } from '../../../shared/errors.ts'
import { liveSession } from '../services/account/rows.ts'
import { ACCOUNT_LIMITS } from '../services/limits.ts'
import {
  deleteBodiesBelow,
  deletePeopleWithoutBody,
  deletePerson,
  personRows,
  textBounds,
} from '../services/log/rows.ts'
import { writeAny } from '../services/mutation.ts'
import type { ErasePerson, ExportLog, PruneLog } from './request.ts'
import { signedOut } from './sign-in.ts'
import { accountVerb } from './verb.ts'

const DAY_MS = 86_400_000
/** Entries of one step. */
const STEP = 1000

/** The owner of the log takes a copy of it, or of what a filter leaves of it. */
export const exportLog = accountVerb({
  load: (db, { userId, by, now }: ExportLog) => ({ own: liveSession(db, userId, by, now) }),
  run(_db, { userId, request: { format, ...filter } }, known, { own }) {
    if (!known || own.length === 0) throw signedOut()
    const { name, email } = known
    const deed = { action: 'audit_log.export', entityId: userId, before: null, after: { format, filter } } as const
    return { by: { person: { name, email } }, list: [{ ...deed, writes: [] }] }
  },
})

/** Retention: as of a workspace's log (services/audit/prune.ts); personal fields go with the last text that has them. */
export const pruneLog = accountVerb({
  load: (db, { userId, now }: PruneLog) => ({
    bounds: textBounds(db, userId, now - ACCOUNT_LIMITS.auditDays * DAY_MS),
  }),
  run(db, { userId, now }, known, { bounds: [bounds] }) {
    const over = isOver(known?.endsAt ?? null, now)
    const oldest = bounds?.oldest ?? 0
    const minimum = Math.min((over ? bounds?.head : bounds?.since) ?? 0, oldest + STEP)
    // Of an account that is over the last entry that prunes stays: it is a text itself.
    if (minimum <= oldest + (over ? 1 : 0)) throw new AppError('conflict', 'Nothing is older than it may be.')
    const writes = [writeAny(deleteBodiesBelow(db, userId, minimum)), writeAny(deletePeopleWithoutBody(db, userId))]
    const deed = { action: 'audit_log.prune', before: { minimum: oldest }, after: { minimum } } as const
    return { by: { part: 'retention' }, list: [{ ...deed, entityId: userId, writes }] }
  },
})

/** The entry is Candor's own, so that it does not keep what it erases. */
export const erasePerson = accountVerb({
  load: (db, { userId }: ErasePerson) => ({ rows: personRows(db, userId, userId) }),
  run(db, { userId }, _known, { rows: [row] }) {
    const kept = row?.count ?? 0
    const deed = { action: 'person.erase', before: { kept }, after: { kept: 0 } } as const
    const writes = [writeAny(deletePerson(db, userId, userId))]
    return { by: { part: 'erasure' }, list: kept === 0 ? [] : [{ ...deed, entityId: userId, writes }] }
  },
})
