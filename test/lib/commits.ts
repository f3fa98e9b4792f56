import { env } from 'cloudflare:workers'
import { vi } from 'vitest'

export interface Commit {
  /** Entries that the batch opens. */
  entries: number
  /** Rows that D1 says were written; null when it refused the batch. */
  rowsWritten: number | null
}

type Batch = (statements: D1PreparedStatement[]) => Promise<D1Result[]>

const opensEntry = (statement: unknown) =>
  /^insert into "audit_body"/i.test((statement as { statement: string }).statement)

/** Notes every batch from now on that commits changes, whoever sends it, until the mocks are restored. */
export function noteCommits(): Commit[] {
  const commits: Commit[] = []
  const prototype = Object.getPrototypeOf(env.DB) as { batch: Batch }
  const real = prototype.batch
  vi.spyOn(prototype, 'batch').mockImplementation(async function (this: D1Database, statements) {
    const entries = statements.filter(opensEntry).length
    const commit: Commit = { entries, rowsWritten: null }
    if (entries > 0) commits.push(commit)
    const results = await real.call(this, statements)
    commit.rowsWritten = results.reduce((sum, { meta }) => sum + (meta.rows_written ?? 0), 0)
    return results
  })
  return commits
}
