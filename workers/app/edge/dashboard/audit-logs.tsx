import { type Context, Hono } from 'hono'
import { toBase64 } from '../../../../shared/domain/base64.ts'
import { parseTreeHead } from '../../../../shared/domain/checkpoint.ts'
import { parseNote } from '../../../../shared/domain/note.ts'
import { AppError } from '../../../../shared/errors.ts'
import { objectOf } from '../../bindings.ts'
import { AuditLogsPage } from '../../pages/audit-logs.tsx'
import { AuditUpgradePage, RecentAuditLogsPage } from '../../pages/audit-recent.tsx'
import { AuditVerificationPage } from '../../pages/audit-verification.tsx'
import type { LogStanding } from '../../pages/components/audit-badge.tsx'
import { listApiKeys } from '../../services/api-key/list.ts'
import { getCheckpoint } from '../../services/audit/checkpoint.ts'
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
import { credentialOf, readPage } from '../run.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

const ACTIONS = MUTATIONS.map(({ action }) => action as string).toSorted()
/** Parts of Candor that act by themselves. */
const OWN_PARTS = ['monitoring', 'operator', 'retention'].map((id) => ({ id, name: `Candor: ${id}` }))

/** Scripts of our own, for the one page that has one. It still sets no HTML: Trusted Types stay off limits. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/** How the log stands; by its own check where that can be asked, and its signed head in any case. */
async function standingOf(c: C, checkpoint: string): Promise<LogStanding> {
  const { workspaceId } = credentialOf(c)
  const head = parseTreeHead(parseNote(checkpoint)?.text ?? '')
  const state = await objectOf(c.env.WORKSPACE, c.env, workspaceId)
    .logState()
    .catch(() => null)
  return {
    log: workspaceId,
    size: head?.size ?? 0,
    root: head ? toBase64(head.root) : '',
    checkedSize: state?.checked.size ?? 0,
    checkedAt: state?.checked.at ?? 0,
    finding: state?.checked.finding ?? null,
    known: state !== null,
  }
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
    { query: getCheckpoint, input: {} },
  ])
  const [entries, checkpoint] = answers
  const standing = await standingOf(c, checkpoint)
  c.header('Content-Security-Policy', POLICY)
  const props = { viewer: viewerOf(context), page: entries, standing, hours: hoursOf(context) }
  return page(c, <RecentAuditLogsPage {...props} />)
}

async function list(c: C): Promise<Response> {
  const filter = Object.fromEntries(Object.entries(c.req.query()).filter(([, value]) => value !== ''))
  const { context, answers } = await readPage(c, [
    { query: listAuditLogs, input: filter },
    { query: getCheckpoint, input: {} },
    { query: peopleOfAuditLog, input: {} },
    { query: listApiKeys, input: { limit: 100 } },
  ])
  const [entries, checkpoint, people, keys] = answers
  const { cursor: _, limit: __, ...kept } = filter
  const actors = [...people, ...keys.data.map(({ id, name }) => ({ id, name: `Key: ${name}` })), ...OWN_PARTS]
  const standing = await standingOf(c, checkpoint)
  const props = { viewer: viewerOf(context), page: entries, filter: kept, actors, actions: ACTIONS, standing }
  c.header('Content-Security-Policy', POLICY)
  return page(c, <AuditLogsPage {...props} />)
}

async function verification(c: C): Promise<Response> {
  const { context, answers } = await readPage(c, [
    { query: getCheckpoint, input: {} },
    { query: listAuditKeys, input: {} },
  ])
  const [checkpoint, keys] = answers
  const props = { viewer: viewerOf(context), checkpoint, keys: keys.data, standing: await standingOf(c, checkpoint) }
  return page(c, <AuditVerificationPage {...props} />)
}

export function auditLogs() {
  const app = new Hono<Edge>()
  app.get('/audit-logs', (c) => list(c).catch((error) => recent(c, error)))
  app.get('/audit-logs/verification', verification)
  app.get('/audit-logs/export', (c) => exportAuditLog(c).catch((error) => upgrade(c, error)))
  return app
}
