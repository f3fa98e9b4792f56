import type { WorkspaceId } from '../../../shared/ids.ts'

/** The log's name behind `<host>/audit/`. No workspace's id has this form. */
export const DEPLOYMENT = 'deployment'

/** A workspace hands its checkpoint over, as a log does to a witness (c2sp.org/tlog-witness). */
export interface HandOver {
  workspaceId: WorkspaceId
  /** The size that the proof begins at. */
  old: number
  /** RFC 6962, section 2.1.2. */
  proof: Uint8Array[]
  /** The signed note. Its bytes become the leaf. */
  checkpoint: string
}

/** `rolled back`: smaller than one that was taken. `forked`: no continuation of it. `not signed`: not by us, or of another log. */
export type Refusal = 'rolled back' | 'forked' | 'not signed'

export type HandOverAnswer =
  | { taken: true; seq: number }
  /** The proof has to begin at this size. */
  | { taken: false; begin: number }
  | { taken: false; refused: Refusal }

/** What the deployment log knows of a workspace's log. Moments in Unix milliseconds. */
export interface DeploymentStanding {
  /** The newest checkpoint that was taken. */
  newest: { size: number; seq: number; at: number } | null
  /** A checkpoint that was refused after it. */
  refused: { size: number; reason: Refusal; at: number } | null
  /** A witness has signed a head of the deployment log that includes it. */
  witnessed: { by: string; at: number } | null
  /** Whether a witness is asked at all. */
  hasWitness: boolean
}
