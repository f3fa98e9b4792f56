import { z } from 'zod'
import type { LogFinding } from '../domain/finding.ts'
import { idPattern } from '../ids.ts'
import { PLANS, type Plan } from './common.ts'
import type { WorkspaceView } from './workspace.ts'

/*
 * What the operator's surface takes and answers: POST /operator/workspaces/:id/… with the operator's key as a bearer
 * token (workers/app/edge/operator). `npm run candor` speaks it.
 */

export const SetPlan = z.strictObject({
  plan: z.enum(PLANS, `The plan is ${PLANS.map((plan) => `"${plan}"`).join(' or ')}.`),
})

/** A thing that a plan counts, and more of it than the plan allows. */
export interface AboveLimit {
  what: string
  count: number
  limit: number
}

export interface PlanChanged {
  workspace: WorkspaceView
  before: Plan
  /** Sequence of the audit entry. */
  seq: number
  /** What is there already and could not be added any more. Nothing of it is taken away. */
  above: AboveLimit[]
}

const TreeHead = z.strictObject({
  size: z.int().min(0),
  /** Base64. */
  root: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
})
export type TreeHead = z.infer<typeof TreeHead>

/** Said by the workspace object to itself, after it has read the log: what it knew, and what it takes as its own. */
export const AcceptAuditLog = z.strictObject({ known: TreeHead, accepted: TreeHead })

/** How a log stands: as its object knows it, and as the database has it. */
export interface AuditStatus {
  known: TreeHead
  stored: TreeHead
  /** Whether changes are taken. */
  fits: boolean
  finding: LogFinding | null
  /** Entries that the log's own check has read and found right, from when on, and when last; Unix milliseconds. */
  checked: { size: number; begun: number; at: number }
  /** Exports that could not be entries, because the log took none. */
  unlogged: { count: number; last: { userId: string; requestId: string; at: number } | null }
}

export interface AuditStatusAnswer extends AuditStatus {
  workspace: WorkspaceView
}

/** Schedulers that one request asks, at most. The platform allows a request 1,000 calls of others. */
export const SCHEDULERS_A_PAGE = 400

export const AskKeyStatus = z.strictObject({
  /** `next` of the page before. */
  cursor: z.string().regex(idPattern('workspace'), 'The cursor is the `next` of the page before.').optional(),
  limit: z.int().min(1).max(SCHEDULERS_A_PAGE).default(SCHEDULERS_A_PAGE),
})

/** What is sealed under one master key. */
export interface KeyUse {
  kid: string
  /** Whether CANDOR_KEYRING has it. What names another one cannot be opened. */
  held: boolean
  /** Sealed values in the database, of all workspaces. */
  values: number
  /** Schedulers of this page with copies that name it. */
  copies: number
}

export interface KeyStatus {
  /** The key that seals. */
  active: string
  keys: KeyUse[]
  /** Workspaces with values under another key. */
  waiting: string[]
  /** Where the next page of schedulers begins; null after the last one. */
  next: string | null
}

export interface Rewrapped {
  workspace: WorkspaceView
  /** Changes that it took; each is an entry. */
  steps: number
}

export interface AuditAccepted {
  workspace: WorkspaceView
  known: TreeHead
  accepted: TreeHead
  seq: number
}
