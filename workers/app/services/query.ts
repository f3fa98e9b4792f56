import type { z } from 'zod'
import type { Role } from '../../../shared/contracts/common.ts'
import type { MonitorSummary } from '../../../shared/domain/schedule.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'
import type { Checkpointer } from '../crypto/checkpointer.ts'
import type { Db } from '../db/client.ts'
import type { Context, Credential, CredentialType } from './context.ts'
import type { Load, Loaded } from './mutation.ts'

/** What is known before the answer to the very statements that `load` gives says who asks. */
export interface Unconfirmed extends Pick<Context, 'workspaceId' | 'now'> {
  credential: Credential
}

/** What a read may ask of the deployment log: an object of its own, so it is a second round trip. */
export interface DeploymentReceipts {
  /** c2sp.org/tlog-proof; null when no checkpoint of the workspace was taken yet. */
  receipt(workspaceId: WorkspaceId): Promise<string | null>
}

/** What a read may ask of the object that checks the workspace's monitors: a second round trip. */
export interface MonitorFigures {
  /** Those of these that the object knows, with so many days. */
  summaries(workspaceId: WorkspaceId, ids: string[], days: number): Promise<MonitorSummary[]>
}

export interface QueryContext extends Context {
  credential: Credential
  checkpointer: Checkpointer
  deployment: DeploymentReceipts
  monitoring: MonitorFigures
}

/** A read: its statements travel in the same round trip as the check of the caller. */
export interface Query<Input = unknown, L extends Load = Load, Answer = unknown> {
  name: `${string}.${string}`
  scope: 'read'
  role: Role
  credentials?: readonly CredentialType[]
  route?: `GET /v1/${string}`
  /** How the API answers it: JSON unless it says otherwise. */
  format?: 'text' | 'bytes'
  /** Reads of the audit log itself are noted in it: `all` of it, or its `recent` hours, which every plan reads. */
  noted?: 'all' | 'recent'
  input: z.ZodType<Input>
  load(db: Db, context: Unconfirmed, input: Input): L
  answer(context: QueryContext, input: Input, rows: Loaded<L>): Answer | Promise<Answer>
}

/** Checks the shape of a query, keeps the type of its answer, and forgets the rest, so that all of them fit one register. */
export function query<Input, L extends Load, Answer>(
  definition: Query<Input, L, Answer>,
): Query<unknown, Load, Answer> {
  return definition as unknown as Query<unknown, Load, Answer>
}
