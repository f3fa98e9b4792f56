import { rootOfRange, splitRange } from '../../../shared/domain/merkle.ts'
import { isConsistent } from '../../../shared/domain/merkle-proof.ts'
import { consistencyProof, leavesOfConsistency } from '../../../shared/domain/stored-proof.ts'
import { byLeaf, type StoredLeaf } from '../../../shared/domain/stored-tree.ts'
import { AppError, failure, type Result } from '../../../shared/errors.ts'
import type { Db } from '../db/client.ts'
import { auditHead, treeRows } from '../services/log/rows.ts'
import { commitError } from './commit.ts'
import type { Head, HeadKeeper } from './head.ts'

/** A head that somebody asks to have signed. */
export interface AskedHead {
  size: number
  root: Uint8Array
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i])

/** Whether the copy is what the asked head has grown to, by rows of the log that prove it; false when one is not there. */
async function isContinuedBy(own: Head, asked: AskedHead, rows: StoredLeaf[]): Promise<boolean> {
  if (asked.size === 0) return sameBytes(asked.root, await rootOfRange([]))
  const leaves = byLeaf(rows)
  if (leavesOfConsistency(asked.size, own.size).some((seq) => !leaves.has(seq))) return false
  const proof = await consistencyProof(asked.size, own.size, leaves).catch(() => null)
  if (!proof) return false
  return isConsistent(asked, { size: own.size, root: await rootOfRange(splitRange(own.range)) }, proof)
}

/**
 * Whether a head is one that this log has had: D1 says so, and the object's own copy is its continuation, by a
 * consistency proof. So nobody gets a signature under another history by writing to D1 alone.
 *
 * Changes go on meanwhile, and need not be waited for: the copy only grows. D1 may be ahead of it by a batch whose answer
 * has not come back, which bears this object's MAC; it is never ahead by anything else.
 */
async function isOwn(db: Db, logId: string, head: HeadKeeper, asked: AskedHead): Promise<boolean> {
  let own = head.own()
  if (asked.size > own.size) {
    const [[newest]] = await db.batch([auditHead(db, logId)])
    own = await head.catchUp(newest)
  }
  if (asked.size > own.size) return false
  const [[newest], rows] = await db.batch([
    auditHead(db, logId),
    treeRows(db, logId, leavesOfConsistency(asked.size, own.size)),
  ])
  const known = await head.catchUp(newest)
  const inD1 = newest ? newest.seq + 1 : 0
  return own.size <= inD1 && inD1 <= known.size && (await isContinuedBy(own, asked, rows))
}

async function requireOwn(db: Db, logId: string, head: HeadKeeper, asked: AskedHead): Promise<void> {
  if (await isOwn(db, logId, head, asked)) return
  console.error(JSON.stringify({ event: 'audit.not_signed', logId, mine: head.own().size, asked: asked.size }))
  throw new AppError(
    'log_tampered',
    'This audit log does not match its own copy. Nothing of it is signed until an operator has looked into it.',
  )
}

/** Refuses with `log_tampered` a head that is not one of this log's. Never throws: errors are answers. */
export async function vouch(db: Db, logId: string, head: HeadKeeper, asked: AskedHead): Promise<Result<null>> {
  try {
    await requireOwn(db, logId, head, asked)
    return { ok: true, value: null }
  } catch (error) {
    return failure(error instanceof AppError ? error : commitError(error))
  }
}
