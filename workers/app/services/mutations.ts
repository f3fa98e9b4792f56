import { createApiKey } from './api-key/create.ts'
import { expireApiKey } from './api-key/expire.ts'
import { remindOfApiKey } from './api-key/remind.ts'
import { revokeApiKey } from './api-key/revoke.ts'
import { revokeLeakedApiKey } from './api-key/revoke-leaked.ts'
import { rollApiKey } from './api-key/roll.ts'
import { updateApiKey } from './api-key/update.ts'
import { acceptAuditLog } from './audit/accept.ts'
import { noteExport, noteReading } from './audit/note.ts'
import { pruneAuditLog } from './audit/prune.ts'
import { rewrapCredentials } from './credential/rewrap.ts'
import { openIncident } from './incident/open.ts'
import { resolveIncident } from './incident/resolve.ts'
import { createIntegration } from './integration/create.ts'
import { deleteIntegration } from './integration/delete.ts'
import { testIntegration } from './integration/test.ts'
import { updateIntegration } from './integration/update.ts'
import { acceptInvitation } from './invitation/accept.ts'
import { createInvitation } from './invitation/create.ts'
import { declineInvitation } from './invitation/decline.ts'
import { resendInvitation } from './invitation/resend.ts'
import { withdrawInvitation } from './invitation/withdraw.ts'
import { changeRole } from './member/change-role.ts'
import { leaveWorkspace } from './member/leave.ts'
import { removeMember } from './member/remove.ts'
import { autoPauseMonitor } from './monitor/auto-pause.ts'
import { checkMonitor } from './monitor/check.ts'
import { createMonitor } from './monitor/create.ts'
import { deleteMonitor } from './monitor/delete.ts'
import { pauseMonitor } from './monitor/pause.ts'
import { resumeMonitor } from './monitor/resume.ts'
import { updateMonitor } from './monitor/update.ts'
import type { Mutation } from './mutation.ts'
import { erasePerson } from './person/erase.ts'
import { createStatusPage } from './status-page/create.ts'
import { deleteStatusPage } from './status-page/delete.ts'
import { updateStatusPage } from './status-page/update.ts'
import { createWorkspace } from './workspace/create.ts'
import { deleteWorkspace } from './workspace/delete.ts'
import { endWorkspace } from './workspace/end.ts'
import { noteWorkspaceExport } from './workspace/export.ts'
import { keepWorkspace } from './workspace/keep.ts'
import { purgeWorkspace } from './workspace/purge.ts'
import { renameWorkspace } from './workspace/rename.ts'
import { setPlan } from './workspace/set-plan.ts'
import { tellOfPause } from './workspace/tell-of-pause.ts'
import { transferWorkspace } from './workspace/transfer.ts'

/** Every change that can be made. The surfaces, the workspace object and the tests walk this list. */
export const MUTATIONS: readonly Mutation[] = [
  createWorkspace,
  renameWorkspace,
  setPlan,
  tellOfPause,
  transferWorkspace,
  deleteWorkspace,
  keepWorkspace,
  purgeWorkspace,
  endWorkspace,
  createInvitation,
  resendInvitation,
  withdrawInvitation,
  acceptInvitation,
  declineInvitation,
  changeRole,
  removeMember,
  leaveWorkspace,
  createMonitor,
  updateMonitor,
  pauseMonitor,
  autoPauseMonitor,
  resumeMonitor,
  deleteMonitor,
  checkMonitor,
  openIncident,
  resolveIncident,
  createIntegration,
  updateIntegration,
  deleteIntegration,
  testIntegration,
  createStatusPage,
  updateStatusPage,
  deleteStatusPage,
  createApiKey,
  updateApiKey,
  rollApiKey,
  revokeApiKey,
  revokeLeakedApiKey,
  expireApiKey,
  remindOfApiKey,
  noteReading,
  pruneAuditLog,
  rewrapCredentials,
  erasePerson,
  noteExport,
  noteWorkspaceExport,
  acceptAuditLog,
]

const byAction = new Map(MUTATIONS.map((verb) => [verb.action as string, verb]))

export const mutationByAction = (action: string): Mutation | undefined => byAction.get(action)
