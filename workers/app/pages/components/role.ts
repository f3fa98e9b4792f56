import type { Role } from '../../../../shared/contracts/common.ts'
import type { GivenRole } from '../../../../shared/contracts/invitation.ts'

export const ROLE_WORDS: Record<Role, string> = { viewer: 'Viewer', member: 'Member', admin: 'Admin', owner: 'Owner' }

/** Roles that can be given, with what they may. */
export const ROLE_CHOICES: [GivenRole, string][] = [
  ['viewer', 'Viewer: reads everything, changes nothing'],
  ['member', 'Member: also changes monitors, integrations and status pages'],
  ['admin', 'Admin: also members, API keys and these settings'],
]
