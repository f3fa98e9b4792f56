import { type Context, type Credential, type CredentialType, sessionHash } from '../context.ts'
import { PEOPLE_AND_KEYS } from '../mutation.ts'
import { type LogKey, logOfSession, workspaceLog } from './rows.ts'

/** Whose log a read is about. What is asked of it is the same for all. */
export interface LogKind {
  /** First part of the names of its queries. */
  name: 'audit' | 'account_audit'
  path: '/v1/audit' | '/v1/account/audit'
  credentials: readonly CredentialType[]
  /** The log, before anybody is confirmed. */
  keyOf(credential: Credential): LogKey
  /** Its id, once they are. */
  idOf(context: Pick<Context, 'workspaceId' | 'userId'>): string
  noEntry: string
}

/** The log of the workspace that the credential names. */
export const WORKSPACE_LOG: LogKind = {
  name: 'audit',
  path: '/v1/audit',
  credentials: PEOPLE_AND_KEYS,
  keyOf: ({ workspaceId }) => workspaceLog(workspaceId),
  idOf: ({ workspaceId }) => workspaceId,
  noEntry: 'There is no such audit entry in this workspace.',
}

/** The log of the person whose session it is, and of nobody else: no input names a person. */
export const ACCOUNT_LOG: LogKind = {
  name: 'account_audit',
  path: '/v1/account/audit',
  credentials: ['session'],
  keyOf: (credential) => logOfSession(sessionHash(credential)),
  idOf: ({ userId }) => userId ?? '',
  noEntry: 'There is no such entry in the log of your account.',
}
