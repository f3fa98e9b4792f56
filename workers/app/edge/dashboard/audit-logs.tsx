import { type Context, Hono } from 'hono'
import { toBase64 } from '../../../../shared/domain/base64.ts'
import { AppError } from '../../../../shared/errors.ts'
import { objectOf } from '../../bindings.ts'
import { AuditLogsPage, AuditUpgradePage } from '../../pages/audit-logs.tsx'
import { AuditVerificationPage } from '../../pages/audit-verification.tsx'
import type { LogStanding } from '../../pages/components/audit-badge.tsx'
import { listApiKeys } from '../../services/api-key/list.ts'
import { getHead } from '../../services/audit/head.ts'
import { listAuditKeys } from '../../services/audit/keys.ts'
import { listAuditLogs } from '../../services/audit/list.ts'
import { peopleOfAuditLog } from '../../services/audit/people.ts'
import { MUTATIONS } from '../../services/mutations.ts'
import { getWorkspace } from '../../services/workspace/get.ts'
import { exportAuditLog } from '../api/export.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { credentialOf, readPage, signerOf } from '../run.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

const ACTIONS = MUTATIONS.map(({ action }) => action as string).toSorted()
/** Parts of Candor that act by themselves. */
const OWN_PARTS = ['monitoring', 'retention'].map((id) => ({ id, name: `Candor: ${id}` }))

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

type SizedRoot = { size: number; root: Uint8Array }

/** How the log stands; by its own check where that can be asked, and its head in D1 in any case. */
async function standingOf(c: C, head: SizedRoot): Promise<LogStanding> {
  const { workspaceId } = credentialOf(c)
  const state = await objectOf(c.env.WORKSPACE, c.env, workspaceId)
    .logState()
    .catch(() => null)
  return {
    log: workspaceId,
    size: head.size,
    root: toBase64(head.root),
    checkedSize: state?.checked.size ?? 0,
    checkedAt: state?.checked.at ?? 0,
    finding: state?.checked.finding ?? null,
    known: state !== null,
  }
}

/** The head, signed; null when the log does not match its own copy: then nothing of it is signed. */
const signed = (c: C, head: SizedRoot): Promise<string | null> =>
  signerOf(c)
    .sign(credentialOf(c).workspaceId, head)
    .catch((error) => {
      if (error instanceof AppError && error.code === 'log_tampered') return null
      throw error
    })

async function upgrade(c: C, error: unknown): Promise<Response> {
  if (!(error instanceof AppError) || error.code !== 'plan_required') throw error
  const { context } = await readPage(c, [{ query: getWorkspace, input: {} }])
  return page(c, <AuditUpgradePage viewer={viewerOf(context)} />, 402)
}

async function list(c: C): Promise<Response> {
  const filter = Object.fromEntries(Object.entries(c.req.query()).filter(([, value]) => value !== ''))
  const { context, answers } = await readPage(c, [
    { query: listAuditLogs, input: filter },
    { query: getHead, input: {} },
    { query: peopleOfAuditLog, input: {} },
    { query: listApiKeys, input: { limit: 100 } },
  ])
  const [entries, head, people, keys] = answers
  const { cursor: _, limit: __, ...kept } = filter
  const actors = [...people, ...keys.data.map(({ id, name }) => ({ id, name: `Key: ${name}` })), ...OWN_PARTS]
  const standing = await standingOf(c, head)
  const props = { viewer: viewerOf(context), page: entries, filter: kept, actors, actions: ACTIONS, standing }
  c.header('Content-Security-Policy', POLICY)
  return page(c, <AuditLogsPage {...props} />)
}

async function verification(c: C): Promise<Response> {
  const { context, answers } = await readPage(c, [
    { query: getHead, input: {} },
    { query: listAuditKeys, input: {} },
  ])
  const [head, keys] = answers
  const [checkpoint, standing] = await Promise.all([signed(c, head), standingOf(c, head)])
  const props = { viewer: viewerOf(context), checkpoint, keys: keys.data, standing }
  return page(c, <AuditVerificationPage {...props} />)
}

export function auditLogs() {
  const app = new Hono<Edge>()
  app.get('/audit-logs', (c) => list(c).catch((error) => upgrade(c, error)))
  app.get('/audit-logs/verification', verification)
  app.get('/audit-logs/export', (c) => exportAuditLog(c).catch((error) => upgrade(c, error)))
  return app
}
