import { SetPlan } from '../../../../shared/contracts/operator.ts'
import { AppError } from '../../../../shared/errors.ts'
import { found } from '../found.ts'
import { mutation, write } from '../mutation.ts'
import { setWorkspacePlan, workspaceById } from './rows.ts'
import { workspaceView } from './view.ts'

/** Said by the operator only. A smaller plan takes nothing away: its limits hold for what is added from then on. */
export const setPlan = mutation({
  action: 'workspace.set_plan',
  scope: 'write',
  role: 'owner',
  credentials: ['operator'],
  input: SetPlan,
  load: (db, { workspaceId }) => ({ workspace: workspaceById(db, workspaceId) }),
  run(db, { workspaceId }, { plan }, rows) {
    const before = found(rows.workspace, 'workspace')
    if (before.plan === plan) throw new AppError('conflict', `This workspace is on the plan "${plan}" already.`)
    return {
      entityId: workspaceId,
      before: { ...workspaceView(before) },
      after: { ...workspaceView({ ...before, plan }) },
      writes: [write(setWorkspacePlan(db, workspaceId, plan))],
    }
  },
})
