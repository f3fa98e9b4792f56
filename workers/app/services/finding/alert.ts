import type { AlertEvent } from '../../../../shared/domain/alert.ts'
import type { LogFinding } from '../../../../shared/domain/finding.ts'
import type { WorkspaceId } from '../../../../shared/ids.ts'

/** What integrations are told of a finding. `at` in Unix milliseconds. */
export const findingEvent = (
  workspace: { id: WorkspaceId; name: string },
  { verdict, entry }: LogFinding,
  at: number,
  publicUrl: string,
): AlertEvent => ({
  type: 'audit.finding',
  at: new Date(at).toISOString(),
  workspace,
  monitor: null,
  incident: null,
  finding: { verdict, entry },
  url: `${publicUrl}/audit-logs/verification`,
})
