import { z } from 'zod'
import { AppError } from '../../../../shared/errors.ts'
import { query } from '../query.ts'
import { workspaceById } from '../workspace/rows.ts'

/**
 * A receipt (c2sp.org/tlog-proof) that this log's newest checkpoint of the kind is in the deployment log, with that
 * checkpoint as its extra data: so its members can see that they were shown what everybody was shown.
 */
export const getDeploymentProof = query({
  name: 'audit.deployment',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/audit/deployment/proof',
  format: 'text',
  input: z.strictObject({}),
  load: (db, { workspaceId }) => ({ workspace: workspaceById(db, workspaceId) }),
  async answer({ workspaceId, deployment }) {
    const receipt = await deployment.receipt(workspaceId)
    if (receipt === null)
      throw new AppError('not_found', 'No checkpoint of this log is in the deployment log yet. Ask again in a minute.')
    return receipt
  },
})
