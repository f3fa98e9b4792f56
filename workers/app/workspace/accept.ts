import type { AuditStatus, TreeHead } from '../../../shared/contracts/operator.ts'
import { toBase64 } from '../../../shared/domain/base64.ts'
import { findingText } from '../../../shared/domain/finding.ts'
import { rootOfRange, splitRange } from '../../../shared/domain/merkle.ts'
import { AppError } from '../../../shared/errors.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'
import type { Db } from '../db/client.ts'
import { auditHead } from '../services/log/rows.ts'
import { type Head, type HeadKeeper, headIn } from './head.ts'
import { checkOn, UNCHECKED } from './self-check.ts'

/** Entries of one step of the reading. */
const STEP = 1000

const treeHead = async ({ size, range }: Head): Promise<TreeHead> => ({
  size,
  root: toBase64(await rootOfRange(splitRange(range))),
})

/** The end of the log in D1 beside the object's own copy of it. */
export async function compareEnds(
  db: Db,
  head: HeadKeeper,
  logId: WorkspaceId,
): Promise<Pick<AuditStatus, 'known' | 'stored' | 'fits'> & { found: Head }> {
  const [[newest]] = await db.batch([auditHead(db, logId)])
  const found = headIn(newest)
  return {
    known: await treeHead(head.own()),
    stored: await treeHead(found),
    fits: (await head.mismatch(newest)) === null,
    found,
  }
}

/**
 * What accepting the log would mean: its end in D1, after the whole log was read from its first entry on and fits itself.
 * Throws `conflict` when there is nothing to accept, and when the log does not even fit itself: that would be to sign for
 * entries of which it is known that they are false.
 */
export async function readAcceptable(db: Db, head: HeadKeeper, logId: WorkspaceId) {
  const { known, stored, fits, found } = await compareEnds(db, head, logId)
  if (fits)
    throw new AppError('conflict', 'The end of this log is the one its object knows: there is nothing to accept.')
  let checked = UNCHECKED
  do checked = await checkOn(db, logId, checked, found, STEP)
  while (checked.finding === null && checked.size < found.size)
  if (checked.finding)
    throw new AppError(
      'conflict',
      `The log in the database does not fit itself (${findingText(checked.finding)}), so nothing was accepted. Restore an older state of the database, or the whole state folder.`,
    )
  return { head: found, input: { known, accepted: stored } }
}
