import { z } from 'zod'
import { id, type Role } from './common.ts'
import { givenRole } from './invitation.ts'

export const ChangeRole = z.strictObject({ id: id('user'), role: givenRole })
export type ChangeRole = z.infer<typeof ChangeRole>

/** What becomes of the API keys of somebody who is removed. */
export const KEY_FATES = ['revoke', 'hand_over'] as const
export type KeyFate = (typeof KEY_FATES)[number]

export const RemoveMember = z.strictObject({
  id: id('user'),
  /** `hand_over`: to whoever removes them. */
  apiKeys: z.enum(KEY_FATES, 'Their API keys are "revoke" or "hand_over".').default('revoke'),
})
export type RemoveMember = z.infer<typeof RemoveMember>

export interface MemberView {
  /** The person's id. */
  id: string
  role: Role
  createdAt: string
}

/** As it is shown to the workspace; entries of the log have it without name and address. */
export interface MemberWithName extends MemberView {
  name: string
  email: string
}

/** Somebody whose name the log still has, and who is no member any more. */
export interface FormerMember {
  id: string
  name: string
}
