import { z } from 'zod'
import { normaliseTypedEmail } from '../domain/email.ts'
import type { Role } from './common.ts'

/** Roles that can be given. Ownership is not given but handed over. */
export const GIVEN_ROLES = ['viewer', 'member', 'admin'] as const satisfies readonly Role[]
export type GivenRole = (typeof GIVEN_ROLES)[number]

export const givenRole = z.enum(GIVEN_ROLES, 'The role is "viewer", "member" or "admin".')

/** An address, in the one form in which addresses are compared. */
const email = z
  .string('The e-mail address is a text.')
  .max(320, 'An e-mail address has at most 320 characters.')
  .transform((text, context) => {
    const normalised = normaliseTypedEmail(text)
    if (normalised !== null) return normalised
    context.addIssue({ code: 'custom', message: 'This is not an e-mail address, such as ada@example.com.' })
    return z.NEVER
  })

export const CreateInvitation = z.strictObject({ email, role: givenRole.default('member') })
export type CreateInvitation = z.infer<typeof CreateInvitation>

export interface InvitationView {
  id: string
  role: GivenRole
  invitedBy: string
  createdAt: string
  sentAt: string
  expiresAt: string
  acceptedBy: string | null
  acceptedAt: string | null
}

/** As it is shown to the workspace; entries of the log have it without the address. */
export interface InvitationWithEmail extends InvitationView {
  email: string
}
