import type { ActorType, Part } from '../../../shared/contracts/audit.ts'
import type { Surface } from '../../../shared/contracts/common.ts'
import { type Plan, type Role, reaches, type Scope } from '../../../shared/contracts/common.ts'
import type { LogFinding } from '../../../shared/domain/finding.ts'
import { AppError } from '../../../shared/errors.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'

/** What came with a request, checked as far as that goes without I/O. The workspace is named by it, never by the input. */
export type Credential =
  | { type: 'session'; workspaceId: WorkspaceId; hash: string }
  /** `address`: where the request came from, as the platform says it; absent or null where nobody vouches for one. */
  | {
      type: 'api_key'
      workspaceId: WorkspaceId
      keyId: string
      hash: string
      scope: Scope
      address?: string | null
    }
  /** A sign-in that the provider has confirmed, for the one mutation that makes its workspace. */
  | { type: 'sign_in'; workspaceId: WorkspaceId; userId: string }
  /** A session whose person makes another workspace: the one that is named, which does not exist yet. */
  | { type: 'founder'; workspaceId: WorkspaceId; hash: string }
  /** A session whose person is invited to this workspace and no member of it: for answering the invitation only. */
  | { type: 'invited'; workspaceId: WorkspaceId; hash: string }
  /** Candor itself. Never made from a request. */
  | { type: 'system'; workspaceId: WorkspaceId; name: Part }
  /** Whoever runs this Candor, by the operator's key: the one credential that may name any workspace. */
  | { type: 'operator'; workspaceId: WorkspaceId }

export type CredentialType = Credential['type']

/** Who is asking, after the database has confirmed it. */
export interface Caller {
  workspaceId: WorkspaceId
  actor: { type: ActorType; id: string }
  /** The person behind the actor. */
  userId: string | null
  person: { name: string; email: string } | null
  role: Role
  plan: Plan
  workspaceName: string
  /** When the workspace ends, Unix milliseconds; null unless its owner has deleted it. */
  endsAt: number | null
  /** Sessions only: when it was last noted as used, Unix milliseconds. */
  lastSeenAt: number | null
  /** Sessions only: what is wrong with the workspace's log, as its own check says. */
  finding: LogFinding | null
}

/** Addresses that monitors and messages may go to. */
export interface TargetRules {
  allowPrivate: string[]
  ownHosts: string[]
}

export interface Context extends Caller {
  now: number
  surface: Surface
  targets: TargetRules
}

/** Refuses a credential whose scope does not reach. Pure: it stands before any I/O. */
export function requireScope(credential: Credential, scope: Scope): void {
  if (credential.type === 'api_key' && scope === 'write' && credential.scope !== 'write')
    throw new AppError('forbidden', 'This API key may only read. Use a key with the scope "write".')
}

/** Why a kind of credential may not do this at all, or null. Pure. */
export const refusalOfKind = (credential: Credential, allowed: readonly CredentialType[]): AppError | null =>
  allowed.includes(credential.type)
    ? null
    : new AppError('forbidden', 'This needs a signed-in person. Sign in and do it in the dashboard.')

/** Throws `forbidden` for a kind of credential that may not do this at all. Pure. */
export function requireCredential(credential: Credential, allowed: readonly CredentialType[]): void {
  const refusal = refusalOfKind(credential, allowed)
  if (refusal) throw refusal
}

/** The hash of the session that asks, where nothing else may. */
export function sessionHash(credential: Credential): string {
  requireCredential(credential, ['session'])
  return credential.type === 'session' ? credential.hash : ''
}

/** Refuses a role that is too weak. */
export function requireRole(caller: Caller, role: Role): void {
  if (!reaches(caller.role, role))
    throw new AppError('forbidden', `This needs the role ${role} in this workspace; you have ${caller.role}.`)
}

export interface Client {
  ip: string | null
  userAgent: string | null
  /** Two letters; known only where the platform says it. */
  country?: string | null
}

/** Candor itself has no client. */
export const NO_CLIENT: Client = { ip: null, userAgent: null }

/**
 * The idempotency key of something that Candor notes by itself. The space keeps it apart from the keys that people send,
 * which have none.
 */
export const ownKey = (...parts: (string | number)[]): string => parts.join(' ')
