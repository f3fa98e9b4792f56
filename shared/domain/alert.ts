import type { LogFinding } from './finding.ts'

/** What an integration is told. Times in RFC 3339. */
export interface AlertEvent {
  type: 'incident.opened' | 'incident.resolved' | 'audit.finding' | 'test'
  at: string
  workspace: { id: string; name: string }
  /** null when it is not about one. */
  monitor: { id: string; name: string; url: string } | null
  incident: { id: string; startedAt: string; resolvedAt: string | null; cause: string } | null
  /** What is wrong with the audit log of the workspace; only in `audit.finding`. */
  finding?: LogFinding
  /** Where to look, in the dashboard. */
  url: string
}
