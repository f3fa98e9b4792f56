import { GRACE_MS, isOver } from '../../../shared/domain/grace.ts'
import { AppError } from '../../../shared/errors.ts'
import { asWorkspaceId, newId } from '../../../shared/ids.ts'
import { liveSession } from '../services/account/rows.ts'
import {
  deleteIdentitiesOf,
  deleteSessionsOf,
  deleteUser,
  setAccountEnd,
  workspacesOwnedBy,
} from '../services/account-ending/rows.ts'
import { write, writeAny } from '../services/mutation.ts'
import type { DeleteAccount, EndAccount, KeepAccount } from './request.ts'
import { signedOut } from './sign-in.ts'
import { accountVerb } from './verb.ts'

const isoOf = (at: number | null) => (at === null ? null : new Date(at).toISOString())

/** Refuses somebody whom others rely on: what they own has to be handed over or deleted first. */
export function requireNobodyElse(owned: { name: string; members: number }[]): void {
  const names = owned.filter(({ members }) => members > 1).map(({ name }) => name)
  if (names.length === 0) return
  const them = names.length === 1 ? 'it' : 'each'
  throw new AppError(
    'conflict',
    `You own ${names.join(', ')}, where others are members. Hand ${them} over, or delete ${them}, first.`,
  )
}

/** The account ends in seven days, and with it the workspaces in which nobody else is. Until then it can be kept. */
export const deleteAccount = accountVerb({
  load: (db, { userId, by, now }: DeleteAccount) => ({
    own: liveSession(db, userId, by, now),
    owned: workspacesOwnedBy(db, userId),
  }),
  run(db, { userId, confirm, now }, known, { own: [own], owned }) {
    if (!known || !own) throw signedOut()
    if (known.endsAt !== null) throw new AppError('conflict', 'Your account is being deleted already.')
    if (confirm !== known.email) {
      const message = `Type ${known.email} to delete your account.`
      throw new AppError('invalid', message, [{ field: 'confirm', message }])
    }
    requireNobodyElse(owned)
    const endsAt = now + GRACE_MS
    const { name, email } = known
    const workspaceId = asWorkspaceId(own.workspaceId)
    const deed = {
      action: 'account.delete' as const,
      entityId: userId,
      before: { endsAt: null },
      after: { endsAt: isoOf(endsAt) },
      writes: [write(setAccountEnd(db, userId, endsAt))],
      // An account has no outbox: the mail goes by that of the workspace in which this was done.
      effects: workspaceId
        ? [
            {
              workspaceId,
              id: newId('outbox'),
              effect: { type: 'mail' as const, mail: { kind: 'account_ending' as const, userId } },
            },
          ]
        : [],
    }
    return { by: { person: { name, email } }, list: [deed] }
  },
})

export const keepAccount = accountVerb({
  load: (db, { userId, by, now }: KeepAccount) => ({ own: liveSession(db, userId, by, now) }),
  run(db, { userId, now }, known, { own }) {
    if (!known || own.length === 0 || isOver(known.endsAt, now)) throw signedOut()
    if (known.endsAt === null) throw new AppError('conflict', 'Your account is not being deleted.')
    const { name, email, endsAt } = known
    const deed = {
      action: 'account.keep' as const,
      entityId: userId,
      before: { endsAt: isoOf(endsAt) },
      after: { endsAt: null },
      writes: [write(setAccountEnd(db, userId, null))],
    }
    return { by: { person: { name, email } }, list: [deed] }
  },
})

/** The last entry of an account's log, with which the person goes. The database takes nothing after it. */
export const endAccount = accountVerb<EndAccount, Record<string, never>>({
  run(db, { userId, now }, known) {
    const by = { part: 'ending' } as const
    if (!known) return { by, list: [] }
    if (!isOver(known.endsAt, now)) throw new AppError('conflict', 'This account is not over.')
    const deed = {
      action: 'account.end' as const,
      entityId: userId,
      before: { endsAt: isoOf(known.endsAt) },
      after: null,
      writes: [
        writeAny(deleteSessionsOf(db, userId)),
        writeAny(deleteIdentitiesOf(db, userId)),
        write(deleteUser(db, userId)),
      ],
    }
    return { by, list: [deed] }
  },
})
