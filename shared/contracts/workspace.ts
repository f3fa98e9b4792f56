import { z } from 'zod'
import { line, type Plan, type Role } from './common.ts'

/** The first sign-in of a person. Said by the sign-in surface only. */
export const CreateWorkspace = z.strictObject({
  name: line('The name', 128),
  user: z.strictObject({
    id: z.string(),
    name: line('The name', 256),
    email: z.email().max(254),
  }),
  identity: z.strictObject({
    id: z.string(),
    provider: z.string().max(32),
    issuer: z.string().max(512),
    subject: z.string().min(1).max(255),
  }),
})
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
