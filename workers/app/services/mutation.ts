import type { BatchItem } from 'drizzle-orm/batch'
import type { z } from 'zod'
import type { Plan, Role, Scope } from '../../../shared/contracts/common.ts'
import type { ChangeLimit } from '../../../shared/domain/rate-limits.ts'
import type { Db } from '../db/client.ts'
import type { Effect } from '../db/schema/outbox.ts'
import type { Context, CredentialType } from './context.ts'

export type Statement = BatchItem<'sqlite'>

/** Statements by name, and their answers under the same names. */
export type Load = Record<string, Statement>
export type Loaded<L extends Load> = { [K in keyof L]: Awaited<L[K]> }

/** A write and how many rows it must touch; the batch is aborted when it touches another number. */
export interface Write {
  statement: Statement
  rows: number | 'any'
}
export const write = (statement: Statement): Write => ({ statement, rows: 1 })
export const writeAny = (statement: Statement): Write => ({ statement, rows: 'any' })

/** D1 allows 100 bound parameters a statement; a link row takes at most 4. */
const ROWS_A_STATEMENT = 25

/** Inserts of many rows, cut into statements that D1 accepts. No rows, no statement. */
export function writeMany<T>(items: T[], insert: (items: T[]) => Statement): Write[] {
  const writes: Write[] = []
  for (let i = 0; i < items.length; i += ROWS_A_STATEMENT) {
    const part = items.slice(i, i + ROWS_A_STATEMENT)
    writes.push({ statement: insert(part), rows: part.length })
  }
  return writes
}

/** The answer to a count, once there is one more. */
export const oneMore = ([row]: { count: number }[]) => [{ count: (row?.count ?? 0) + 1 }]

export type View = Record<string, unknown>

/** What a verb has decided. The workspace commits it together with its audit entry. */
export interface Decision<L extends Load = Load> {
  entityId: string
  before: View | null
  after: View | null
  writes: Write[]
  effects?: Effect[]
  /** What `load` answers once the writes are done, where the verb knows. The next change that asks the same goes on it (workspace/known.ts). */
  rowsAfter?: Loaded<L>
  /** Told to the caller once, and nowhere else: never stored, never in the entry. */
  reveal?: Record<string, string>
}

export interface MutationContext extends Context {
  /** Sequence that the entry will have. */
  seq: number
  /** Creations by this very verb that are committed just before it and that `load` could not see yet. */
  ahead: number
  /** Origin of the dashboard, for links in messages. */
  publicUrl: string
  /** Seals a secret for one column of one row of this workspace. */
  seal(place: { table: string; rowId: string; column: string }, plaintext: string): Promise<Uint8Array>
  /** Opens what `seal` has sealed at the same place. */
  open(place: { table: string; rowId: string; column: string }, sealed: Uint8Array): Promise<string>
  fingerprint(plaintext: string): Promise<string>
  /** Plan of a new workspace. */
  defaultPlan: Plan
  issueApiKey(key: {
    id: string
    scope: 'read' | 'write'
    expiresAt: number | null
  }): Promise<{ token: string; hash: string }>
}

/**
 * A verb. It loads (statements, as data), decides (pure but for sealing), and returns its writes; it never sends a
 * statement itself. `load` travels in the round trip that checks the caller, the writes in the one that commits.
 */
export interface Mutation<Input = unknown, L extends Load = Load> {
  /** `noun.verb`, as it stands in the audit log. */
  action: `${string}.${string}`
  /** `read` only for noting that the log was read, which is a read's own doing. */
  scope: Scope
  role: Role
  /** Who may: people and keys unless it says otherwise. */
  credentials?: readonly CredentialType[]
  /** Rate limits besides those of whoever asks: it has something sent at once, or reads a whole log. */
  limits?: readonly ChangeLimit[]
  /** Also while the workspace is being deleted: nothing else is changed in it then. */
  whileEnding?: true
  /** Where the REST API has it; absent when only another surface or the system does it. */
  route?: `${'POST' | 'PATCH' | 'PUT' | 'DELETE'} /v1/${string}`
  input: z.ZodType<Input>
  /**
   * Names of what it depends on or changes, for changes that wait together: those without a name in common are committed
   * in one batch. Absent: it may be anything, and the change goes alone.
   */
  touches?(input: Input): string[]
  load(db: Db, context: Context, input: Input): L
  run(db: Db, context: MutationContext, input: Input, rows: Loaded<L>): Decision<L> | Promise<Decision<L>>
}

/** Checks the shape of a verb and forgets its types, so that all of them fit one register. */
export function mutation<Input, L extends Load>(verb: Mutation<Input, L>): Mutation {
  // The register holds verbs of many inputs. `input` is parsed with the verb's own contract before `load` and `run` see it.
  return verb as unknown as Mutation
}

export const PEOPLE_AND_KEYS: readonly CredentialType[] = ['session', 'api_key']
