import type { InvitationWithEmail } from '../../shared/contracts/invitation.ts'
import type { FormerMember, MemberWithName } from '../../shared/contracts/member.ts'
import { DAY_MS, idOf, iso, type Say } from './fixtures.ts'

export function members(say: Say): MemberWithName[] {
  const roles = ['viewer', 'member', 'admin', 'owner'] as const
  const names = ['Kim Lee', 'Grace Hopper', 'Alan Turing', 'Alex Doe']
  return roles.map((role, i) => ({
    id: idOf('user', i),
    role,
    createdAt: iso((i + 1) * 9 * DAY_MS),
    name: say(names[i] ?? ''),
    email: say(`${names[i]?.split(' ')[0]?.toLowerCase()}@acme.test`),
  }))
}

export function invitations(say: Say): InvitationWithEmail[] {
  const base = { invitedBy: idOf('user', 3), acceptedBy: null, acceptedAt: null }
  const times = (ago: number) => ({ createdAt: iso(ago), sentAt: iso(ago), expiresAt: iso(ago - 7 * DAY_MS) })
  return [
    { ...base, ...times(DAY_MS), id: idOf('invitation', 0), role: 'member', email: say('joan@acme.test') },
    { ...base, ...times(9 * DAY_MS), id: idOf('invitation', 1), role: 'viewer', email: say('late@acme.test') },
  ]
}

export const former = (say: Say): FormerMember[] => [{ id: idOf('user', 8), name: say('Charles Babbage') }]
