import type { GivenRole } from '../../../shared/contracts/invitation.ts'
import { PostButton } from './components/page-parts.tsx'
import { ROLE_WORDS } from './components/role.ts'
import { Banner } from './components/status.tsx'
import { Time } from './components/time.tsx'
import { Plain } from './shells.tsx'

export interface JoinProps {
  id: string
  workspaceName: string
  inviterName: string
  role: GivenRole
  email: string
  personName: string
  /** When it ends, RFC 3339. */
  expiresAt: string
  /** Why it cannot be accepted. */
  closed?: string
}

/** There is none for whoever is signed in: what that may mean, and the way to try as somebody else. */
export function NoInvitationPage({ message }: { message: string }) {
  return (
    <Plain title="No invitation">
      <div class="stack answer">
        <h1>No invitation</h1>
        <p class="lead wrap">{message}</p>
        <div class="row">
          <a class="btn btn-primary" href="/workspaces">
            Your workspaces
          </a>
          <PostButton action="/sign-out" icon="signOut">
            Sign out, to sign in as somebody else
          </PostButton>
        </div>
      </div>
    </Plain>
  )
}

/** The invitation, as whoever is invited sees it. */
export function JoinPage({ id, workspaceName, inviterName, role, email, personName, expiresAt, closed }: JoinProps) {
  return (
    <Plain title="Invitation" failed={closed !== undefined}>
      <div class="stack answer">
        <h1 class="wrap">Join {workspaceName}?</h1>
        <p class="lead wrap">
          {inviterName} invites you, with the role {ROLE_WORDS[role].toLowerCase()}.
        </p>
      </div>
      {closed === undefined ? (
        <div class="stack">
          <p class="wrap">
            You are signed in as {personName}, and {email} is verified. The members of {workspaceName} will see your
            name and address.
          </p>
          <div class="row">
            <PostButton action={`/invitations/${id}/accept`} primary>
              Accept
            </PostButton>
            <PostButton action={`/invitations/${id}/decline`}>Decline</PostButton>
          </div>
          <p class="small muted">
            Good until <Time at={expiresAt} />.
          </p>
        </div>
      ) : (
        <div class="stack">
          <Banner tone="degraded" icon="degraded">
            <p class="wrap">{closed}</p>
          </Banner>
          <p>
            <a class="btn btn-primary" href="/workspaces">
              Your workspaces
            </a>
          </p>
        </div>
      )}
    </Plain>
  )
}
