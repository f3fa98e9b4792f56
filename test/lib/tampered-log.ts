import { nightlyPass } from './audit.ts'
import { type Person, workspaceOf } from './candor.ts'
import { pastTheGates, statement } from './database.ts'
import { readLog, type StoredEntry } from './log.ts'

/** What somebody does to a log who has the database in their hands, and how it is put back. */
export const hands = ({ workspaceId }: Person) => ({
  cutFrom: (seq: number) =>
    pastTheGates(
      ['audit_body', 'audit_log'].map((table) =>
        statement(`DELETE FROM ${table} WHERE log_id = ? AND seq >= ?`, workspaceId, seq),
      ),
    ),
  alter: (seq: number) =>
    pastTheGates([
      statement(
        `UPDATE audit_body SET leaf = replace(leaf, '"surface":"api"', '"surface":"mcp"') WHERE log_id = ? AND seq = ?`,
        workspaceId,
        seq,
      ),
    ]),
  put: (entries: StoredEntry[]) =>
    pastTheGates(
      entries.flatMap(({ seq, text, leafHash, range }) => [
        statement('INSERT OR REPLACE INTO audit_body (log_id, seq, leaf) VALUES (?, ?, ?)', workspaceId, seq, text),
        statement(
          'INSERT OR REPLACE INTO audit_log (log_id, seq, leaf_hash, range) VALUES (?, ?, ?, ?)',
          workspaceId,
          seq,
          leafHash,
          range,
        ),
      ]),
    ),
  log: () => readLog(workspaceId),
  night: () => nightlyPass(workspaceId),
  /** As a page of the log does. */
  look: () => workspaceOf(workspaceId).logState(),
})
