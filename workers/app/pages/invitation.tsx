import type { InvitationWithEmail } from '../../../shared/contracts/invitation.ts'
import { Actions, ErrorSummary, type FormState, Input, Select } from './components/form.tsx'
import { May } from './components/may.tsx'
import { Code, PostButton, Section } from './components/page-parts.tsx'
import { ROLE_CHOICES, ROLE_WORDS } from './components/role.ts'
import { Banner } from './components/status.tsx'
import { Time } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

export function InvitationFormPage({ viewer, state }: { viewer: Viewer; state: FormState }) {
  return (
    <Dashboard title="Invite somebody" viewer={viewer} current="/settings" failed={state.errors.length > 0}>
      <ErrorSummary errors={state.errors} fields={['email', 'role']} />
      <h1>Invite somebody</h1>
      <form class="form" method="post" action="/settings/invitations" novalidate>
        <Input
          state={state}
          name="email"
          type="email"
          label="E-mail address"
          hint="Only somebody who signs in with this address, verified, can accept"
          required
        />
        <Select state={state} name="role" label="Role" options={ROLE_CHOICES} />
        <Actions submit="Invite" cancel="/settings/members" />
      </form>
    </Dashboard>
  )
}

interface InvitationProps {
  viewer: Viewer
  invitation: InvitationWithEmail
  link: string
  now: number
  /** What was not possible just now. */
  /** Whether invitations are sent by mail. */
  mailed: boolean
  error?: string
}

/** One invitation, as those who invite see it. */
export function InvitationPage({ viewer, invitation, link, now, mailed, error }: InvitationProps) {
  const { id, email, role, sentAt, expiresAt, acceptedAt } = invitation
  const expired = Date.parse(expiresAt) <= now
  return (
    <Dashboard title="Invitation" viewer={viewer} current="/settings" failed={error !== undefined}>
      <div class="stack">
        <h1 class="wrap">Invitation for {email}</h1>
        <p class="lead">
          {ROLE_WORDS[role]}, sent <Time at={sentAt} />
        </p>
        {error === undefined ? null : (
          <Banner tone="down" icon="down">
            <p class="wrap">{error}</p>
          </Banner>
        )}
      </div>
      {acceptedAt === null ? (
        <>
          <Section id="link" title="The link">
            <p>
              {expired ? 'It has expired: ' : 'It is good until '}
              <Time at={expiresAt} />
              {expired ? '. Send it again.' : ', and only for this address. It is no secret.'}
            </p>
            <Code>{link}</Code>
            <p class="muted">
              {mailed
                ? 'It is sent by mail. You can also hand it over yourself.'
                : 'Mail is not set up here: hand the link over yourself.'}
            </p>
          </Section>
          <div class="row">
            <May viewer={viewer} action="invitation.resend">
              <PostButton action={`/settings/invitations/${id}/resend`} icon="send">
                Send again
              </PostButton>
            </May>
            <May viewer={viewer} action="invitation.withdraw">
              <a class="btn" href={`/settings/invitations/${id}/withdraw`}>
                Withdraw
              </a>
            </May>
            <a class="btn" href="/settings/members">
              Back to the members
            </a>
          </div>
        </>
      ) : (
        <p>
          It was accepted <Time at={acceptedAt} />.
        </p>
      )}
    </Dashboard>
  )
}
