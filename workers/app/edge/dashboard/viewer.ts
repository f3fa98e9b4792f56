import { ROLES } from '../../../../shared/contracts/common.ts'
import type { Self } from '../../pages/members.tsx'
import type { Viewer } from '../../pages/shells.tsx'
import { type Context as Caller, requireRole } from '../../services/context.ts'
import type { Mutation } from '../../services/mutation.ts'
import { changesOf } from '../../services/roles.ts'

const isAdmin = ({ role }: Caller) => ROLES.indexOf(role) >= ROLES.indexOf('admin')

/**
 * Who looks at a page, and what they may change. Of a page that is there for one change, that is named: throws `forbidden`
 * where its reader may not make it, before anything is filled in.
 */
export function viewerOf(caller: Caller & Pick<Viewer, 'own'>, change?: Mutation): Viewer {
  if (change) requireRole(caller, change.role)
  return {
    workspaceName: caller.workspaceName,
    personName: caller.person?.name ?? '',
    own: caller.own,
    finding: isAdmin(caller) ? caller.finding : null,
    ending: caller.endsAt === null ? null : { endsAt: caller.endsAt, mayKeep: caller.role === 'owner' },
    may: changesOf(caller.role, caller.endsAt !== null),
  }
}

export const selfOf = ({ userId, role }: Caller): Self => ({ userId: userId ?? '', role })
