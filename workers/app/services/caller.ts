import type { Part } from '../../../shared/contracts/audit.ts'

import { isOver } from '../../../shared/domain/grace.ts'
import { isInside } from '../../../shared/domain/network.ts'
import { AppError } from '../../../shared/errors.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'
import type { Db } from '../db/client.ts'
import type { Condition } from '../db/prepared.ts'
import { personOfSession, userById } from './account/rows.ts'
import { apiKeyCaller, apiKeyStill } from './api-key/rows.ts'
import type { Caller, Credential } from './context.ts'
import { goneMessage, requireOpen } from './invitation/open.ts'
import { invitedCaller } from './invitation/rows.ts'
import { MAX_OWNED } from './limits.ts'
import type { LogEnd } from './log/rows.ts'
import { isExpired } from './session/lifetime.ts'
import { sessionCaller, sessionStill } from './session/rows.ts'
import { workspaceById } from './workspace/rows.ts'

/** The statement that confirms a credential. It goes first in the batch of whatever the credential is for. */
export function callerStatement(db: Db, credential: Credential) {
  if (credential.type === 'session') return sessionCaller(db, credential.workspaceId, credential.hash)
  if (credential.type === 'api_key') return apiKeyCaller(db, credential.workspaceId, credential.keyId)
  if (credential.type === 'sign_in') return userById(db, credential.userId)
  if (credential.type === 'founder') return personOfSession(db, credential.hash)
  if (credential.type === 'invited') return invitedCaller(db, credential.workspaceId, credential.hash)
  return workspaceById(db, credential.workspaceId)
}

/**
 * A condition, for a batch: the log ends like this, and what an earlier answer to `callerStatement` said from outside that
 * log is still so. What is behind the gates of the log cannot have changed while it ends like this. Undefined for
 * credentials and answers that have to be asked for anew.
 */
export function callerStill(credential: Credential, rows: unknown, end: LogEnd): Condition | undefined {
  const { type, workspaceId } = credential
  if (type === 'session') {
    const [row] = rows as Rows<typeof sessionCaller>
    return row?.personEndsAt === null ? sessionStill(workspaceId, end, credential.hash, row) : undefined
  }
  if (type !== 'api_key') return undefined
  const [row] = rows as Rows<typeof apiKeyCaller>
  return row && apiKeyStill(workspaceId, end, row)
}

type Rows<T extends (...args: never[]) => PromiseLike<unknown>> = Awaited<ReturnType<T>>

const signedOut = () => new AppError('unauthorized', 'You are signed out. Sign in again.')
const badKey = () =>
  new AppError('unauthorized', 'This API key is not valid. It may have been revoked or have expired.')

/**
 * Who is asking, from the answer to `callerStatement`. Throws `unauthorized` for a credential that is gone, ended,
 * revoked or of another workspace, in the same words as for one that never existed; `forbidden` for a key that is used
 * from somewhere else than it may be.
 */
export function confirmCaller(credential: Credential, rows: unknown, now: number): Caller {
  if (credential.type === 'session') return sessionOwner(credential, rows as Rows<typeof sessionCaller>, now)
  if (credential.type === 'api_key') return keyOwner(credential, rows as Rows<typeof apiKeyCaller>, now)
  if (credential.type === 'sign_in') return newOwner(credential, rows as Rows<typeof userById>)
  if (credential.type === 'founder') return founder(credential, rows as Rows<typeof personOfSession>, now)
  if (credential.type === 'invited') return invited(credential, rows as Rows<typeof invitedCaller>, now)
  if (credential.type === 'operator') return operatorCaller(credential, rows as Rows<typeof workspaceById>)
  return systemCaller(credential.workspaceId, credential.name, rows as Rows<typeof workspaceById>)
}

/** The person behind a session, whatever workspace it is in. Throws `unauthorized` when it is gone or has ended. */
export function confirmPerson([row]: Rows<typeof personOfSession>, now: number): Rows<typeof personOfSession>[number] {
  if (!row || isExpired(row, now)) throw signedOut()
  requireLasting(row.personEndsAt, now)
  return row
}

/** Somebody whose account ends does nothing but keep it. */
function requireLasting(endsAt: number | null, now: number): void {
  if (isOver(endsAt, now)) throw signedOut()
  if (endsAt !== null)
    throw new AppError('account_ending', 'Your account is being deleted. Keep it at /account/ending to go on.')
}

function sessionOwner(
  credential: Extract<Credential, { type: 'session' }>,
  [row]: Rows<typeof sessionCaller>,
  now: number,
): Caller {
  if (!row || isExpired(row, now)) throw signedOut()
  requireLasting(row.personEndsAt, now)
  if (isOver(row.endsAt, now)) throw signedOut()
  return {
    workspaceId: credential.workspaceId,
    actor: { type: 'user', id: row.userId },
    userId: row.userId,
    person: { name: row.name, email: row.email },
    role: row.role,
    plan: row.plan,
    workspaceName: row.workspaceName,
    endsAt: row.endsAt,
    lastSeenAt: row.lastSeenAt,
    finding: row.verdict === null || row.entry === null ? null : { verdict: row.verdict, entry: row.entry },
  }
}

function keyOwner(
  credential: Extract<Credential, { type: 'api_key' }>,
  [row]: Rows<typeof apiKeyCaller>,
  now: number,
): Caller {
  const valid = row && row.hash === credential.hash && row.scope === credential.scope && row.revokedAt === null
  if (!valid || (row.expiresAt !== null && row.expiresAt <= now) || isOver(row.endsAt, now)) throw badKey()
  if (row.allowedNetworks.length > 0 && !isInside(credential.address ?? null, row.allowedNetworks))
    throw new AppError('forbidden', 'This API key may not be used from the address that this request came from.')
  if (row.endsAt !== null)
    throw new AppError('forbidden', 'This workspace is being deleted, so its API keys are refused.')
  return {
    workspaceId: credential.workspaceId,
    actor: { type: 'api_key', id: credential.keyId },
    userId: row.userId,
    person: { name: row.name, email: row.email },
    // At most what its person may now, and never what is the owner's alone.
    role: row.role === 'owner' ? 'admin' : row.role,
    plan: row.plan,
    workspaceName: row.workspaceName,
    endsAt: row.endsAt,
    lastSeenAt: null,
    finding: null,
  }
}

/** Somebody whose sign-in the provider has just confirmed: the owner of the workspace that they are about to make. */
function newOwner(credential: Extract<Credential, { type: 'sign_in' }>, [row]: Rows<typeof userById>): Caller {
  if (!row) throw signedOut()
  return {
    workspaceId: credential.workspaceId,
    actor: { type: 'user', id: row.id },
    userId: row.id,
    person: { name: row.name, email: row.email },
    role: 'owner',
    plan: 'free',
    workspaceName: '',
    endsAt: null,
    lastSeenAt: null,
    finding: null,
  }
}

/** Somebody signed in who makes another workspace, and will be its owner. */
function founder(
  credential: Extract<Credential, { type: 'founder' }>,
  rows: Rows<typeof personOfSession>,
  now: number,
): Caller {
  const { userId, name, accountEmail, owned } = confirmPerson(rows, now)
  if (owned >= MAX_OWNED)
    throw new AppError('limit_reached', `You own ${MAX_OWNED} workspaces, and nobody can own more.`)
  return {
    workspaceId: credential.workspaceId,
    actor: { type: 'user', id: userId },
    userId,
    person: { name, email: accountEmail },
    role: 'owner',
    plan: 'free',
    workspaceName: '',
    endsAt: null,
    lastSeenAt: null,
    finding: null,
  }
}

/** Somebody whose verified address has an open invitation to this workspace. Nobody else writes in its log. */
function invited(
  credential: Extract<Credential, { type: 'invited' }>,
  [row]: Rows<typeof invitedCaller>,
  now: number,
): Caller {
  if (!row || isExpired(row, now)) throw signedOut()
  if (row.expiresAt === null || isOver(row.endsAt, now)) throw new AppError('not_found', goneMessage(row.verifiedEmail))
  requireOpen({ expiresAt: row.expiresAt, acceptedAt: null }, now)
  return {
    workspaceId: credential.workspaceId,
    actor: { type: 'user', id: row.userId },
    userId: row.userId,
    // The address that was invited, which may be another one than the account's.
    person: { name: row.name, email: row.verifiedEmail ?? '' },
    role: 'viewer',
    plan: row.plan ?? 'free',
    workspaceName: row.workspaceName ?? '',
    endsAt: row.endsAt,
    lastSeenAt: null,
    finding: null,
  }
}

/**
 * Whoever runs this Candor. A workspace that there is not gets no log by being asked for; one that is over, and whose log
 * keeps it from ending, can be helped.
 */
function operatorCaller({ workspaceId }: Credential, rows: Rows<typeof workspaceById>): Caller {
  if (rows.length === 0) throw new AppError('not_found', `There is no workspace ${workspaceId}.`)
  return systemCaller(workspaceId, 'operator', rows)
}

function systemCaller(workspaceId: WorkspaceId, name: Part, [row]: Rows<typeof workspaceById>): Caller {
  return {
    workspaceId,
    actor: { type: 'system', id: name },
    userId: null,
    person: null,
    role: 'owner',
    plan: row?.plan ?? 'free',
    workspaceName: row?.name ?? '',
    endsAt: row?.endsAt ?? null,
    lastSeenAt: null,
    finding: null,
  }
}
