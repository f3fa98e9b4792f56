import { type Context, Hono } from 'hono'
import { PARTS } from '../../../../shared/contracts/audit.ts'
import { AppError, ERROR_STATUS } from '../../../../shared/errors.ts'
import { unknown } from '../../../../shared/fault.ts'
import { deploymentLog, objectOf } from '../../bindings.ts'
import { AuditLogsPage } from '../../pages/audit-logs.tsx'
import { AuditUpgradePage, RecentAuditLogsPage } from '../../pages/audit-recent.tsx'
import { AuditVerificationPage } from '../../pages/audit-verification.tsx'
import type { LogStanding } from '../../pages/components/audit-badge.tsx'
import { AUDIT_LOG } from '../../pages/components/log-place.ts'
import { listApiKeys } from '../../services/api-key/list.ts'
import { requireBrowsing } from '../../services/audit/browse.ts'
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
import { queryOf } from '../query.ts'
import { credentialOf, readPage, signedHead } from '../run.ts'
import { filterOf, SCRIPT_POLICY, type SizedRoot, standingOf, wrongFilter } from './log-page.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

const ACTIONS = MUTATIONS.map(({ action }) => action as string).toSorted()
/** Parts of Candor that act by themselves. */
const OWN_PARTS = PARTS.map((id) => ({ id, name: `Candor: ${id.replaceAll('_', ' ')}` }))

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

/** What the page of the log shows beside entries. */
const AROUND = [
  { query: getHead, input: {} },
  { query: peopleOfAuditLog, input: {} },
  { query: listApiKeys, input: { limit: 100 } },
] as const

type Around = Awaited<ReturnType<typeof readPage<typeof AROUND>>>
type Shown = Pick<Parameters<typeof AuditLogsPage>[0], 'page' | 'errors'>

async function shownAs(c: C, { context, answers: [head, people, keys] }: Around, shown: Shown): Promise<Response> {
  const ofKeys = keys.data.map(({ id, name }) => ({ id, name: `Key: ${name}` }))
  const filter = filterOf(c.req.query())
  const choices = { filter, actors: [...people, ...ofKeys, ...OWN_PARTS], actions: ACTIONS }
  const props = { viewer: viewerOf(context), ...choices, ...shown, standing: await standing(c, head) }
  c.header('Content-Security-Policy', SCRIPT_POLICY)
  return page(c, <AuditLogsPage {...props} />, shown.page ? 200 : ERROR_STATUS.invalid)
}

async function list(c: C): Promise<Response> {
  const { context, answers } = await readPage(c, [{ query: listAuditLogs, input: queryOf(c) }, ...AROUND])
  const [entries, ...around] = answers
  return shownAs(c, { context, answers: around }, { page: entries })
}

/** The filter as it was sent, and what is wrong with it. */
async function wrong(c: C, error: unknown): Promise<Response> {
  const errors = wrongFilter(error)
  const around = await readPage(c, AROUND)
  requireBrowsing(around.context.plan)
  return shownAs(c, around, { page: null, errors })
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
  app.get('/audit-logs', (c) =>
    list(c)
      .catch((error) => wrong(c, error))
      .catch((error) => recent(c, error)),
  )
  app.get('/audit-logs/verification', verification)
  app.get('/audit-logs/export', (c) => exportAuditLog(c).catch((error) => upgrade(c, error)))
  return app
}
