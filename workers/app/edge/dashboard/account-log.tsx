import { type Context, Hono } from 'hono'
import { ERROR_STATUS } from '../../../../shared/errors.ts'
import { unknown } from '../../../../shared/fault.ts'
import { configOf, objectOf } from '../../bindings.ts'
import { AccountLogPage } from '../../pages/account-log.tsx'
import { AuditVerificationPage } from '../../pages/audit-verification.tsx'
import { ACCOUNT_LOG } from '../../pages/components/log-place.ts'
import { listAccountLog } from '../../services/account/log.ts'
import { getAccountHead } from '../../services/audit/head.ts'
import { listAccountKeys } from '../../services/audit/keys.ts'
import { logById } from '../../services/log/rows.ts'
import { changeOwn } from '../account.ts'
import { exportFile, exportRequestOf } from '../api/export.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { queryOf } from '../query.ts'
import { credentialOf, readPage, signedHead } from '../run.ts'
import { filterOf, SCRIPT_POLICY, type SizedRoot, standingOf, wrongFilter } from './log-page.ts'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

/** Names of the ways to sign in. */
export const providerNames = (c: C) => new Map(configOf(c.env).providers.map(({ id, name }) => [id, name]))

async function stateOf(c: C, userId: string) {
  return objectOf(c.env.ACCOUNT, c.env, userId)
    .logState()
    .catch((error) => unknown('account.unreachable', error))
}

type Shown = Pick<Parameters<typeof AccountLogPage>[0], 'page' | 'errors'>
type Caller = Parameters<typeof viewerOf>[0]

async function shownAs(c: C, context: Caller, head: SizedRoot, shown: Shown): Promise<Response> {
  const userId = context.userId ?? ''
  const state = await stateOf(c, userId)
  const props = {
    viewer: viewerOf(context),
    ...shown,
    filter: filterOf(c.req.query()),
    providers: providerNames(c),
    standing: standingOf(ACCOUNT_LOG, userId, head, state),
    unrecorded: state?.unrecorded ?? [],
  }
  c.header('Content-Security-Policy', SCRIPT_POLICY)
  return page(c, <AccountLogPage {...props} />, shown.page ? 200 : ERROR_STATUS.invalid)
}

async function list(c: C): Promise<Response> {
  const { context, answers } = await readPage(c, [
    { query: listAccountLog, input: queryOf(c) },
    { query: getAccountHead, input: {} },
  ])
  const [entries, head] = answers
  return shownAs(c, context, head, { page: entries })
}

/** The filter as it was sent, and what is wrong with it. */
async function wrong(c: C, error: unknown): Promise<Response> {
  const errors = wrongFilter(error)
  const { context, answers } = await readPage(c, [{ query: getAccountHead, input: {} }])
  return shownAs(c, context, answers[0], { page: null, errors })
}

async function verification(c: C): Promise<Response> {
  const { context, answers } = await readPage(c, [
    { query: getAccountHead, input: {} },
    { query: listAccountKeys, input: {} },
  ])
  const [head, keys] = answers
  const userId = context.userId ?? ''
  const [checkpoint, state] = await Promise.all([signedHead(c, userId, head), stateOf(c, userId)])
  const standing = standingOf(ACCOUNT_LOG, userId, head, state)
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
  app.get('/account/log', (c) => list(c).catch((error) => wrong(c, error)))
  app.get('/account/log/verification', verification)
  app.get('/account/log/export', exportLog)
  return app
}
