import type { WorkspaceView } from '../../../../shared/contracts/workspace.ts'
import { type workspace, workspaceColumns } from '../../db/schema/workspace.ts'
import { represent } from '../represent.ts'

export function workspaceView(row: typeof workspace.$inferSelect): WorkspaceView {
  return { id: row.workspaceId, ...represent(workspaceColumns, row) }
}
