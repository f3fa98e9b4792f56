import type { Self } from '../../pages/members.tsx'
import type { Viewer } from '../../pages/shells.tsx'
import type { Context as Caller } from '../../services/context.ts'

export const viewerOf = (caller: Caller): Viewer => ({
  workspaceName: caller.workspaceName,
  personName: caller.person?.name ?? '',
})

export const selfOf = ({ userId, role }: Caller): Self => ({ userId: userId ?? '', role })
