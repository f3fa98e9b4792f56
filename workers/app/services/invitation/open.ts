import { AppError } from '../../../../shared/errors.ts'

const DAY_MS = 86_400_000

/** An invitation is good for this long after it was sent. */
export const INVITATION_MS = 7 * DAY_MS

/** The same words for one that was withdrawn, one for another address, and one that never was. */
export const goneMessage = (email: string | null): string =>
  email === null
    ? 'An invitation needs a verified e-mail address. Verify yours where you sign in, then sign in again.'
    : `There is no invitation here for ${email}. It was withdrawn, or it is for another e-mail address.`

/** Refuses an invitation that was accepted, or that is too old. */
export function requireOpen(invitation: { expiresAt: number; acceptedAt: number | null }, now: number): void {
  if (invitation.acceptedAt !== null) throw new AppError('conflict', 'This invitation was accepted already.')
  if (invitation.expiresAt <= now)
    throw new AppError('conflict', 'This invitation has expired. Ask for it to be sent again.')
}
