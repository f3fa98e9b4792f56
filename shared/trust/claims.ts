import { KEY_CLAIMS, SIGN_IN_CLAIMS, WORKSPACE_CLAIMS } from './access-claims.ts'
import type { Chapter, Claim } from './claim.ts'
import { CREDENTIAL_CLAIMS, OUTSIDE_CLAIMS } from './data-claims.ts'
import { LOG_CLAIMS } from './log-claims.ts'

/** What Candor claims about its security. Nothing stands here that no test shows; a run without one of them fails. */
export const CHAPTERS: Chapter[] = [
  { id: 'sign-in', title: 'Sign-in', claims: SIGN_IN_CLAIMS },
  { id: 'workspaces', title: 'Workspaces are apart', claims: WORKSPACE_CLAIMS },
  { id: 'api-keys', title: 'API keys', claims: KEY_CLAIMS },
  { id: 'credentials', title: 'Credentials', claims: CREDENTIAL_CLAIMS },
  { id: 'audit-log', title: 'The audit log', claims: LOG_CLAIMS },
  { id: 'outside', title: 'What leaves, and what is shown', claims: OUTSIDE_CLAIMS },
]

export const CLAIMS: Claim[] = CHAPTERS.flatMap(({ claims }) => claims)
