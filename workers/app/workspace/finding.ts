import type { LogFinding } from '../../../shared/domain/finding.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'
import type { Db } from '../db/client.ts'
import { findingEvent } from '../services/finding/alert.ts'
import { deleteFinding, setFinding, tellFinding } from '../services/finding/rows.ts'
import { workspaceById } from '../services/workspace/rows.ts'

/** How a finding was made: by the end of the log at a change, or by reading it from the first entry on. */
type Source = 'head' | 'pass'

interface Kept extends LogFinding {
  /** Unix milliseconds. */
  at: number
  source: Source
  /** What D1 does not have yet: the row and the messages, the row only, or that it is over. */
  todo: 'tell' | 'show' | 'withdraw' | null
}

const KEY = 'finding'
const same = (a: LogFinding, b: LogFinding) => a.verdict === b.verdict && a.entry === b.entry

/**
 * What is wrong with the log, as its object knows it: kept in the object's storage, and from there brought to where
 * people see it, a row that pages read with their caller and a message to each integration. The storage is the truth: what
 * D1 has of it can be lost or taken away, and is brought again by the next night's check.
 */
export function makeFindings(db: Db, storage: DurableObjectStorage, publicUrl: () => string) {
  // In memory as well, since nobody else writes it: each change asks for it.
  let memory = storage.kv.get<Kept>(KEY) ?? null
  const kept = () => memory
  function keep(finding: Kept | null): void {
    memory = finding
    if (finding) storage.kv.put<Kept>(KEY, finding)
    else storage.kv.delete(KEY)
  }
  let last: Promise<unknown> = Promise.resolve()

  /** The messages go with the row that stops them from going again, in one batch. */
  async function tell(workspaceId: WorkspaceId, { verdict, entry, at }: Kept): Promise<void> {
    const [workspace] = await workspaceById(db, workspaceId)
    const event = findingEvent({ id: workspaceId, name: workspace?.name ?? '' }, { verdict, entry }, at, publicUrl())
    const row = { verdict, entry, foundAt: at }
    await db.batch([tellFinding(db, workspaceId, row, event), setFinding(db, workspaceId, row)])
  }

  /** Brings D1 up to what is kept. A change of it meanwhile is brought by whoever made it. */
  async function bring(workspaceId: WorkspaceId): Promise<void> {
    const finding = kept()
    if (!finding?.todo) return
    const { verdict, entry, at: foundAt, todo } = finding
    if (todo === 'tell') await tell(workspaceId, finding)
    else if (todo === 'show') await setFinding(db, workspaceId, { verdict, entry, foundAt })
    else await deleteFinding(db, workspaceId)
    const found = kept()
    if (!found || !same(found, finding) || found.at !== foundAt || found.todo !== todo) return
    if (todo === 'withdraw') keep(null)
    else keep({ ...finding, todo: null })
  }

  return {
    /** The finding that stands, or null. */
    current(): LogFinding | null {
      const finding = kept()
      if (!finding || finding.todo === 'withdraw') return null
      return { verdict: finding.verdict, entry: finding.entry }
    },

    /** Something is wrong. What a whole reading says is more exact than what the end of the log says. */
    noticed(logId: string, finding: LogFinding, source: Source, now: number): void {
      const before = kept()
      const standing = before && before.todo !== 'withdraw' ? before : null
      if (standing && source === 'head') return
      if (standing && same(standing, finding)) {
        keep({ ...standing, source, todo: standing.todo ?? 'show' })
        return
      }
      console.error(JSON.stringify({ event: 'audit.tampered', logId, ...finding }))
      keep({ ...finding, at: now, source, todo: 'tell' })
    },

    /** Nothing is wrong, as far as this source can see. */
    sound(logId: string, source: Source): void {
      const before = kept()
      if (!before || before.todo === 'withdraw' || (source === 'head' && before.source !== 'head')) return
      console.log(JSON.stringify({ event: 'audit.sound_again', logId }))
      keep({ ...before, todo: 'withdraw' })
    },

    /** Whether D1 has yet to be told. */
    isBehind: () => kept()?.todo != null,

    /** One after the other, so that an older state never comes after a newer one. */
    bring(workspaceId: WorkspaceId): Promise<void> {
      const turn = last.then(() => bring(workspaceId))
      last = turn.catch(() => undefined)
      return turn
    },
  }
}

export type Findings = ReturnType<typeof makeFindings>
