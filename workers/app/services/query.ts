import type { z } from 'zod'
import type { Role } from '../../../shared/contracts/common.ts'
import type { Db } from '../db/client.ts'
import type { Context, CredentialType } from './context.ts'
import type { Load, Loaded } from './mutation.ts'

/** A read: its statements travel in the same round trip as the check of the caller. */
export interface Query<Input = unknown, L extends Load = Load, Answer = unknown> {
  name: `${string}.${string}`
  scope: 'read'
  role: Role
  credentials?: readonly CredentialType[]
  route?: `GET /v1/${string}`
  input: z.ZodType<Input>
  load(db: Db, context: Pick<Context, 'workspaceId' | 'now'>, input: Input): L
  answer(context: Context, input: Input, rows: Loaded<L>): Answer
}

/** Checks the shape of a query, keeps the type of its answer, and forgets the rest, so that all of them fit one register. */
export function query<Input, L extends Load, Answer>(
  definition: Query<Input, L, Answer>,
): Query<unknown, Load, Answer> {
  return definition as unknown as Query<unknown, Load, Answer>
}
