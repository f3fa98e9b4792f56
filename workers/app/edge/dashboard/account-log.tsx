import { type Context, Hono } from 'hono'
import { configOf, objectOf } from '../../bindings.ts'
import { AccountLogPage } from '../../pages/account-log.tsx'
import { AuditVerificationPage } from '../../pages/audit-verification.tsx'
import { ACCOUNT_LOG } from '../../pages/components/log-place.ts'
import { listAccountLog } from '../../services/account/log.ts'
import { getAccountCheckpoint } from '../../services/audit/checkpoint.ts'
import { listAccountKeys } from '../../services/audit/keys.ts'
import { logById } from '../../services/log/rows.ts'
import { changeOwn } from '../account.ts'
import { exportFile, exportRequestOf } from '../api/export.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { credentialOf, readPage } from '../run.ts'
import { askedOf, SCRIPT_POLICY, standingOf } from './log-page.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

/** Names of the ways to sign in. */
export const providerNames = (c: C) => new Map(configOf(c.env).providers.map(({ id, name }) => [id, name]))

async function stateOf(c: C, userId: string) {
  return objectOf(c.env.ACCOUNT, c.env, userId)
    .logState()
    .catch(() => null)
}

async function list(c: C): Promise<Response> {
  const filter = askedOf(c.req.query())
  const { context, answers } = await readPage(c, [
    { query: listAccountLog, input: filter },
    { query: getAccountCheckpoint, input: {} },
  ])
  const [entries, checkpoint] = answers
  const { cursor: _, limit: __, ...kept } = filter
  const userId = context.userId ?? ''
  const state = await stateOf(c, userId)
  const props = {
    viewer: viewerOf(context),
    page: entries,
    filter: kept,
    providers: providerNames(c),
    standing: standingOf(ACCOUNT_LOG, userId, checkpoint, state),
    unrecorded: state?.unrecorded ?? [],
  }
  c.header('Content-Security-Policy', SCRIPT_POLICY)
  return page(c, <AccountLogPage {...props} />)
}

async function verification(c: C): Promise<Response> {
  const { context, answers } = await readPage(c, [
    { query: getAccountCheckpoint, input: {} },
    { query: listAccountKeys, input: {} },
  ])
  const [checkpoint, keys] = answers
  const userId = context.userId ?? ''
  const standing = standingOf(ACCOUNT_LOG, userId, checkpoint, await stateOf(c, userId))
  return page(
    c,
    <AuditVerificationPage viewer={viewerOf(context)} checkpoint={checkpoint} keys={keys.data} standing={standing} />,
  )
}

/** The log as a file, up to and including the entry that says that it was taken. */
async function exportLog(c: C): Promise<Response> {
  credentialOf(c)
  const request = exportRequestOf(c)
  const { userId, size } = await changeOwn(c, (by) => ({ type: 'audit_log.export', by, request }))
  return exportFile(c, { log: logById(userId), logId: userId, request, size })
}

export function accountLog() {
  const app = new Hono<Edge>()
  app.get('/account/log', list)
  app.get('/account/log/verification', verification)
  app.get('/account/log/export', exportLog)
  return app
}
