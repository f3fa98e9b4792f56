import { z } from 'zod'
import { type Idleness, pauseAt, pauseStep } from '../../../../shared/domain/idle.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { workspace } from '../../db/schema/workspace.ts'
import { found } from '../found.ts'
import { toOwner } from '../mail/to-owner.ts'
import { memberIds } from '../member/rows.ts'
import { mutation, write } from '../mutation.ts'
import { represent } from '../represent.ts'
import { idlenessOf, setWorkspacePause } from './rows.ts'
import { workspaceView } from './view.ts'

/** A workspace with what its owner was told. Whoever sees it in the dashboard or the API has put an end to that. */
function view(row: typeof workspace.$inferSelect & Idleness, now: number) {
  const at = pauseAt(row, now)
  const pause = { monitorsPauseAt: at, remindedAt: at === null ? null : row.pauseRemindedAt }
  return { ...workspaceView(row), ...represent({ monitorsPauseAt: 'time', remindedAt: 'time' }, pause) }
}

/** Candor's own, at night: tells the owner of a free workspace that nobody uses that its monitors will be paused (ADR 0036). */
export const tellOfPause = mutation({
  action: 'workspace.tell_of_pause',
  scope: 'write',
  role: 'owner',
  credentials: ['system'],
  input: z.strictObject({}),
  load: (db, { workspaceId }) => ({
    workspace: idlenessOf(db, workspaceId),
    members: memberIds(db, workspaceId),
  }),
  run(db, { workspaceId, now }, _input, rows) {
    const before = found(rows.workspace, 'workspace')
    const step = pauseStep(before, now)
    if (step !== 'tell' && step !== 'remind') throw new AppError('conflict', 'It is not the time to tell of a pause.')
    const told =
      step === 'tell'
        ? { pauseToldAt: now, pauseRemindedAt: null }
        : { pauseToldAt: before.pauseToldAt, pauseRemindedAt: now }
    return {
      entityId: workspaceId,
      before: view(before, now),
      after: view({ ...before, ...told }, now),
      writes: [write(setWorkspacePause(db, workspaceId, told))],
      effects: toOwner(rows.members, 'monitors_pausing'),
    }
  },
})
