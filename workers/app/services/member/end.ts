import type { KeyFate } from '../../../../shared/contracts/member.ts'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import type { Db } from '../../db/client.ts'
import { handOverKeys, keysOfHolder, revokeKeysOfHolder } from '../api-key/rows.ts'
import { deleteAcceptedBy } from '../invitation/rows.ts'
import { type Loaded, type View, type Write, write, writeAny } from '../mutation.ts'
import { countSessions, endSessions } from '../session/rows.ts'
import { deleteMembership, memberById } from './rows.ts'
import { memberView } from './view.ts'

/** What ends with a membership. */
export const loadMembership = (db: Db, workspaceId: WorkspaceId, userId: string) => ({
  member: memberById(db, workspaceId, userId),
  keys: keysOfHolder(db, workspaceId, userId),
  sessions: countSessions(db, workspaceId, userId),
})

type Ending = Pick<Loaded<ReturnType<typeof loadMembership>>, 'keys' | 'sessions'>
type Member = Loaded<ReturnType<typeof loadMembership>>['member'][number]

/**
 * The end of a membership: the row, the sessions in this workspace, and the API keys, which are revoked or handed over.
 * `after` says what became of the keys, because nothing is left of the member itself.
 */
export function endMembership(
  db: Db,
  workspaceId: WorkspaceId,
  member: Member,
  { keys, sessions }: Ending,
  fate: { apiKeys: KeyFate; to: string; now: number },
): { before: View; after: View; writes: Write[] } {
  const { userId } = member
  const apiKeys = keys.map(({ id }) => id)
  const ended = sessions[0]?.count ?? 0
  const handOver = fate.apiKeys === 'hand_over'
  const keyWrite = handOver
    ? handOverKeys(db, workspaceId, userId, fate.to)
    : revokeKeysOfHolder(db, workspaceId, userId, fate.now)
  return {
    before: { ...memberView(member), apiKeys, sessions: ended },
    after: { revokedApiKeys: handOver ? [] : apiKeys, handedOverApiKeys: handOver ? apiKeys : [], sessions: 0 },
    writes: [
      ...(apiKeys.length > 0 ? [{ statement: keyWrite, rows: apiKeys.length }] : []),
      // A session may have begun since it was counted: all of them end, however many.
      writeAny(endSessions(db, workspaceId, userId)),
      writeAny(deleteAcceptedBy(db, workspaceId, userId)),
      write(deleteMembership(db, workspaceId, userId)),
    ],
  }
}
