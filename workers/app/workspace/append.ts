import type { AppError } from '../../../shared/errors.ts'
import type { Db } from '../db/client.ts'
import type { Condition } from '../db/prepared.ts'
import type { Statement } from '../services/mutation.ts'
import { type Change, commitError, commitStatements, isRefusal } from './commit.ts'
import type { HeadKeeper } from './head.ts'

/** Where the entries of one log are written. */
export interface LogWriter {
  db: Db
  head: HeadKeeper
}

/** `refused`: the database did not take the batch, so that certainly nothing of it is stored. */
export type Appended = { ok: true } | { ok: false; refused: boolean; error: AppError }

/**
 * Commits changes, whose entries follow each other from the settled head on, in one D1 batch. Three crash points: before
 * the batch nothing is stored; between its commit and the storing of the copy, D1 is ahead by what bears this object's MAC,
 * and the next `settle` adopts it; an answer that got lost is found again by its idempotency key. `holds`: what has to hold
 * in the batch.
 */
export async function append({ db, head }: LogWriter, changes: Change[], holds?: Condition): Promise<Appended> {
  const last = changes.at(-1)
  if (!last) return { ok: true }
  const statements: Statement[] = []
  for (const change of changes) {
    const mac = await head.macOf(change.entry.head)
    statements.push(...commitStatements(db, change, mac, change === changes[0] ? holds : undefined))
  }
  const [first, ...rest] = statements as [Statement, ...Statement[]]
  try {
    await db.batch([first, ...rest])
  } catch (error) {
    const refused = isRefusal(error)
    if (!refused) head.lost()
    return { ok: false, refused, error: commitError(error) }
  }
  head.committed(last.entry.head)
  return { ok: true }
}
