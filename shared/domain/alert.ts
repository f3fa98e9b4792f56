/** What an integration is told. Times in RFC 3339. */
export interface AlertEvent {
  type: 'incident.opened' | 'incident.resolved' | 'test'
  at: string
  workspace: { id: string; name: string }
  /** null in a test message. */
  monitor: { id: string; name: string; url: string } | null
  incident: { id: string; startedAt: string; resolvedAt: string | null; cause: string } | null
  /** Where to look, in the dashboard. */
  url: string
}
