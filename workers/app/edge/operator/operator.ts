import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type {
  AuditAccepted,
  AuditStatus,
  AuditStatusAnswer,
  PlanChanged,
  Rewrapped,
  TreeHead,
} from '../../../../shared/contracts/operator.ts'
import type { WorkspaceView } from '../../../../shared/contracts/workspace.ts'
import { AppError, unwrap } from '../../../../shared/errors.ts'
import { asWorkspaceId, type WorkspaceId } from '../../../../shared/ids.ts'
import { configOf, deploymentLog, objectOf } from '../../bindings.ts'
import { database } from '../../db/client.ts'
import { type Credential, NO_CLIENT } from '../../services/context.ts'
import { aboveLimits } from '../../services/limits.ts'
import { readOne } from '../../services/read.ts'
import { setPlan } from '../../services/workspace/set-plan.ts'
import { workspaceUsage } from '../../services/workspace/usage.ts'
import type { MutationAnswer } from '../../workspace/request.ts'
import { bodyOf } from '../api/body.ts'
import type { Edge } from '../context.ts'
import { monitoringOf } from '../run.ts'
import { operatorOnly } from './credential.ts'
import { keyStatus } from './keys.ts'

type C = Context<Edge>

const MAX_BODY_BYTES = 4096

/** The workspace that a command names. Asked of the database first, so that no object wakes for one that there is not. */
async function named(c: C) {
  const id = c.req.param('id') ?? ''
  const workspaceId = asWorkspaceId(id)
  if (!workspaceId) throw new AppError('not_found', 'This is not the id of a workspace: it looks like ws_0123456789A.')
  const credential: Credential = { type: 'operator', workspaceId }
  const { allowPrivate, ownHosts, checkpointer } = configOf(c.env)
  const request = {
    credential,
    surface: 'system' as const,
    now: Date.now(),
    targets: { allowPrivate, ownHosts },
    checkpointer,
    deployment: { receipt: (id: WorkspaceId) => deploymentLog(c.env).receipt(id) },
    monitoring: monitoringOf(c.env),
  }
  const { answer } = await readOne(database(c.env.DB), request, workspaceUsage, {})
  return { ...answer, workspaceId, credential, object: objectOf(c.env.WORKSPACE, c.env, workspaceId) }
}

const requestOf = (c: C, credential: Credential) => ({
  credential,
  surface: 'system' as const,
  requestId: c.get('requestId'),
  idempotencyKey: null,
  client: NO_CLIENT,
})

async function changePlan(c: C): Promise<Response> {
  const { credential, object, workspace, usage } = await named(c)
  const input = await bodyOf(c.req.raw)
  const request = { ...requestOf(c, credential), action: setPlan.action, input }
  const { after, seq } = unwrap<MutationAnswer>(await object.mutate(request))
  const changed = after as unknown as WorkspaceView
  const answer: PlanChanged = {
    workspace: changed,
    before: workspace.plan,
    seq,
    above: aboveLimits(changed.plan, usage),
  }
  return c.json(answer)
}

async function auditStatus(c: C): Promise<Response> {
  const { workspaceId, object, workspace } = await named(c)
  const answer: AuditStatusAnswer = { workspace, ...unwrap<AuditStatus>(await object.auditStatus(workspaceId)) }
  return c.json(answer)
}

async function acceptAudit(c: C): Promise<Response> {
  const { credential, object, workspace } = await named(c)
  const { before, after, seq } = unwrap<MutationAnswer>(await object.acceptLog(requestOf(c, credential)))
  const answer: AuditAccepted = {
    workspace,
    known: before as unknown as TreeHead,
    accepted: after as unknown as TreeHead,
    seq,
  }
  return c.json(answer)
}

async function rewrap(c: C): Promise<Response> {
  const { workspaceId, object, workspace } = await named(c)
  const answer: Rewrapped = { workspace, steps: unwrap<number>(await object.rewrap(workspaceId)) }
  return c.json(answer)
}

/** What only whoever runs this Candor may do. `npm run candor` asks for it. */
export function operator() {
  const app = new Hono<Edge>()
  const limit = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () => {
      throw new AppError('too_large', `A command has at most ${MAX_BODY_BYTES / 1024} KB.`)
    },
  })
  app.use('/operator/*', operatorOnly, limit)
  app.post('/operator/workspaces/:id/plan', changePlan)
  app.post('/operator/workspaces/:id/audit/status', auditStatus)
  app.post('/operator/workspaces/:id/audit/accept', acceptAudit)
  app.post('/operator/workspaces/:id/keys/rewrap', rewrap)
  app.post('/operator/keys/status', keyStatus)
  return app
}
