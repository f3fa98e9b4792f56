import { ROLES } from '../../../../shared/contracts/common.ts'
import type { Self } from '../../pages/members.tsx'
import type { Viewer } from '../../pages/shells.tsx'
import type { Context as Caller } from '../../services/context.ts'

const isAdmin = ({ role }: Caller) => ROLES.indexOf(role) >= ROLES.indexOf('admin')

export const viewerOf = (caller: Caller): Viewer => ({
  workspaceName: caller.workspaceName,
  personName: caller.person?.name ?? '',
  finding: isAdmin(caller) ? caller.finding : null,
  ending: caller.endsAt === null ? null : { endsAt: caller.endsAt, mayKeep: caller.role === 'owner' },
})

export const selfOf = ({ userId, role }: Caller): Self => ({ userId: userId ?? '', role })
