import { type Context, Hono } from 'hono'
import { AppError } from '../../../../shared/errors.ts'
import { unknown } from '../../../../shared/fault.ts'
import { deploymentLog, objectOf } from '../../bindings.ts'
import { AuditLogsPage } from '../../pages/audit-logs.tsx'
import { AuditUpgradePage, RecentAuditLogsPage } from '../../pages/audit-recent.tsx'
import { AuditVerificationPage } from '../../pages/audit-verification.tsx'
import type { LogStanding } from '../../pages/components/audit-badge.tsx'
import { AUDIT_LOG } from '../../pages/components/log-place.ts'
import { listApiKeys } from '../../services/api-key/list.ts'
import { getHead } from '../../services/audit/head.ts'
import { listAuditKeys } from '../../services/audit/keys.ts'
import { listAuditLogs } from '../../services/audit/list.ts'
import { peopleOfAuditLog } from '../../services/audit/people.ts'
import { listRecentAuditLogs } from '../../services/audit/recent.ts'
import type { Context as Caller } from '../../services/context.ts'
import { LIMITS } from '../../services/limits.ts'
import { MUTATIONS } from '../../services/mutations.ts'
import { getWorkspace } from '../../services/workspace/get.ts'
import { exportAuditLog } from '../api/export.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { credentialOf, readPage, signedHead } from '../run.ts'
import { askedOf, SCRIPT_POLICY, type SizedRoot, standingOf } from './log-page.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

const ACTIONS = MUTATIONS.map(({ action }) => action as string).toSorted()
/** Parts of Candor that act by themselves. */
const OWN_PARTS = ['monitoring', 'operator', 'retention'].map((id) => ({ id, name: `Candor: ${id}` }))

/** How the log stands. */
async function standing(c: C, head: SizedRoot): Promise<LogStanding> {
  const { workspaceId } = credentialOf(c)
  const state = await objectOf(c.env.WORKSPACE, c.env, workspaceId)
    .logState()
    .catch((error) => unknown('workspace.unreachable', error))
  return standingOf(AUDIT_LOG, workspaceId, head, state)
}

const isPlan = (error: unknown) => error instanceof AppError && error.code === 'plan_required'
const hoursOf = ({ plan }: Caller) => LIMITS[plan].auditHours

/** An export on a plan that has none. */
async function upgrade(c: C, error: unknown): Promise<Response> {
  if (!isPlan(error)) throw error
  const { context } = await readPage(c, [{ query: getWorkspace, input: {} }])
  return page(c, <AuditUpgradePage viewer={viewerOf(context)} hours={hoursOf(context)} />, 402)
}

/** The log on a plan that does not browse it. A filter that was asked for is none: the page says that it has none. */
async function recent(c: C, error: unknown): Promise<Response> {
  if (!isPlan(error)) throw error
  const cursor = c.req.query('cursor')
  const { context, answers } = await readPage(c, [
    { query: listRecentAuditLogs, input: cursor ? { cursor } : {} },
    { query: getHead, input: {} },
  ])
  const [entries, head] = answers
  c.header('Content-Security-Policy', SCRIPT_POLICY)
  const shown = { page: entries, standing: await standing(c, head), hours: hoursOf(context) }
  const props = { viewer: viewerOf(context), ...shown }
  return page(c, <RecentAuditLogsPage {...props} />)
}

async function list(c: C): Promise<Response> {
  const filter = askedOf(c.req.query())
  const { context, answers } = await readPage(c, [
    { query: listAuditLogs, input: filter },
    { query: getHead, input: {} },
    { query: peopleOfAuditLog, input: {} },
    { query: listApiKeys, input: { limit: 100 } },
  ])
  const [entries, head, people, keys] = answers
  const { cursor: _, limit: __, ...kept } = filter
  const actors = [...people, ...keys.data.map(({ id, name }) => ({ id, name: `Key: ${name}` })), ...OWN_PARTS]
  const shown = { page: entries, filter: kept, actors, actions: ACTIONS, standing: await standing(c, head) }
  const props = { viewer: viewerOf(context), ...shown }
  c.header('Content-Security-Policy', SCRIPT_POLICY)
  return page(c, <AuditLogsPage {...props} />)
}

async function verification(c: C): Promise<Response> {
  const { context, answers } = await readPage(c, [
    { query: getHead, input: {} },
    { query: listAuditKeys, input: {} },
  ])
  const [head, keys] = answers
  const { workspaceId } = credentialOf(c)
  const [checkpoint, stands, deployment] = await Promise.all([
    signedHead(c, workspaceId, head),
    standing(c, head),
    deploymentLog(c.env)
      .standing(workspaceId)
      .catch((error) => unknown('deployment_log.unreachable', error)),
  ])
  const props = { viewer: viewerOf(context), checkpoint, keys: keys.data, standing: stands, deployment }
  return page(c, <AuditVerificationPage {...props} />)
}

export function auditLogs() {
  const app = new Hono<Edge>()
  app.get('/audit-logs', (c) => list(c).catch((error) => recent(c, error)))
  app.get('/audit-logs/verification', verification)
  app.get('/audit-logs/export', (c) => exportAuditLog(c).catch((error) => upgrade(c, error)))
  return app
}
