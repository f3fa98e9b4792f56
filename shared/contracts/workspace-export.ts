/*
 * Everything of a workspace as one file, version 1: NDJSON. The header, then a line for each thing, whose `candor` says what it is, and at
 * the end how many lines came before it, so that half a file is seen to be one. Times are RFC 3339.
 */

export interface WorkspaceExportHeader {
  candor: 'workspace-export'
  v: 1
  workspace: string
  exportedAt: string
  /** Sequence of the entry of the audit log that says that this copy was taken. */
  entry: number
  /** What is not in the file, and why. */
  leftOut: { what: string; why: string }[]
}

/** One thing. Secrets stand as `{ set, fingerprint }`. */
export type WorkspaceExportLine = { candor: string } & Record<string, unknown>

/** The last line: how many there are before it, the header included. */
export interface WorkspaceExportEnd {
  end: number
}
