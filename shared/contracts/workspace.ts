import { z } from 'zod'
import { line, type Plan, type Role } from './common.ts'

/** Said by the sign-in surface only: whoever signs in and belongs to no workspace gets one. */
export const CreateWorkspace = z.strictObject({ name: line('The name', 128) })
export type CreateWorkspace = z.infer<typeof CreateWorkspace>

export const RenameWorkspace = z.strictObject({ name: line('The name', 128) })
export type RenameWorkspace = z.infer<typeof RenameWorkspace>

export interface WorkspaceView {
  id: string
  name: string
  plan: Plan
  createdAt: string
}

export interface MemberView {
  userId: string
  role: Role
}
