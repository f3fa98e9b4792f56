import type { Surface } from '../../../shared/contracts/common.ts'
import type { Client, Credential } from '../services/context.ts'
import type { View } from '../services/mutation.ts'

/** What a surface asks of a workspace. */
export interface MutationRequest {
  action: string
  input: unknown
  credential: Credential
  surface: Surface
  requestId: string
  idempotencyKey: string | null
  /** What is known of the client: personal fields of the entry. */
  client: Client
}

export interface MutationAnswer {
  entityId: string
  /** The entity before the change, as the entry says it; null when it is new. */
  before: View | null
  /** The entity after the change, as the API shows it; null when it is gone. */
  after: View | null
  /** Sequence of the audit entry. */
  seq: number
  /** Told once; absent in the answer to a retry. */
  reveal: Record<string, string>
  /** True when this answers a retry of a change that was made before. */
  replayed: boolean
  /** Ids of the effects that now wait in the outbox. */
  effects: string[]
}
