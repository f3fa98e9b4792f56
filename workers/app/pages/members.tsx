import { type Page, type Role, reaches } from '../../../shared/contracts/common.ts'
import type { InvitationWithEmail } from '../../../shared/contracts/invitation.ts'
import type { FormerMember, MemberWithName } from '../../../shared/contracts/member.ts'
import { Heading, NewLink, Older, Section } from './components/page-parts.tsx'
import { ROLE_WORDS } from './components/role.ts'
import { SettingsMenu } from './components/settings-menu.tsx'
import { Badge } from './components/status.tsx'
import { type Column, Table } from './components/table.tsx'
import { Time } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

/** Who looks at the page, and what they may do there. */
export interface Self {
  userId: string
  role: Role
}

interface MembersProps {
  viewer: Viewer
  self: Self
  members: Page<MemberWithName>
  invitations: InvitationWithEmail[]
  former: FormerMember[]
  now: number
}

const memberColumns = ({ userId, role: own }: Self): Column<MemberWithName>[] => [
  {
    title: 'Name',
    kind: 'head',
    show: ({ id, name, email }) => (
      <>
        {name}
        {id === userId ? ' (you)' : null}
        <div class="small muted">{email}</div>
      </>
    ),
  },
  { title: 'Role', show: ({ role }) => ROLE_WORDS[role] },
  { title: 'Since', show: ({ createdAt }) => <Time at={createdAt} /> },
  {
    title: 'Actions',
    kind: 'actions',
    show: ({ id, name }) =>
      id === userId || reaches(own, 'admin') ? (
        <a class="btn btn-sm" href={`/settings/members/${id}`}>
          Manage<span class="visually-hidden"> {name}</span>
        </a>
      ) : null,
  },
]

const invitationColumns = (admin: boolean, now: number): Column<InvitationWithEmail>[] => [
  { title: 'Address', kind: 'head', show: ({ email }) => email },
  { title: 'Role', show: ({ role }) => ROLE_WORDS[role] },
  { title: 'Sent', show: ({ sentAt }) => <Time at={sentAt} /> },
  {
    title: 'State',
    show: ({ expiresAt }) =>
      Date.parse(expiresAt) <= now ? (
        <>
          <Badge tone="degraded" icon="degraded">
            Expired
          </Badge>{' '}
          <Time at={expiresAt} />
        </>
      ) : (
        <>
          <Badge icon="pending">Waiting</Badge> until <Time at={expiresAt} />
        </>
      ),
  },
  {
    title: 'Actions',
    kind: 'actions',
    show: ({ id, email }) =>
      admin ? (
        <a class="btn btn-sm" href={`/settings/invitations/${id}`}>
          Open<span class="visually-hidden"> the invitation of {email}</span>
        </a>
      ) : null,
  },
]

const formerColumns = (owner: boolean): Column<FormerMember>[] => [
  { title: 'Name', kind: 'head', show: ({ name }) => name },
  { title: 'Id', show: ({ id }) => <code>{id}</code> },
  {
    title: 'Actions',
    kind: 'actions',
    show: ({ id, name }) =>
      owner ? (
        <a class="btn btn-sm" href={`/settings/people/${id}/erase`}>
          Erase<span class="visually-hidden"> {name}</span>
        </a>
      ) : null,
  },
]

function Invitations({ invitations, admin, now }: { invitations: InvitationWithEmail[]; admin: boolean; now: number }) {
  return (
    <Section id="invitations" title="Invitations">
      {invitations.length === 0 ? (
        <p class="muted">No invitation waits.</p>
      ) : (
        <Table
          caption="Invitations that were not accepted yet, newest first"
          columns={invitationColumns(admin, now)}
          rows={invitations}
        />
      )}
    </Section>
  )
}

function Former({ former, owner }: { former: FormerMember[]; owner: boolean }) {
  if (former.length === 0) return null
  return (
    <Section id="former" title="Former members">
      <p class="muted">
        The audit log still names them, with address and browser. {owner ? 'You' : 'The owner'} can erase them; their
        entries stay.
      </p>
      <Table
        caption="People whom the audit log names and who are no members"
        columns={formerColumns(owner)}
        rows={former}
      />
    </Section>
  )
}

export function MembersPage({ viewer, self, members, invitations, former, now }: MembersProps) {
  const invites = viewer.may.has('invitation.create')
  return (
    <Dashboard title="Members" viewer={viewer} current="/settings">
      <div class="stack">
        <Heading title="Members">
          {invites ? <NewLink href="/settings/invitations/new">Invite somebody</NewLink> : undefined}
        </Heading>
        <SettingsMenu current="/settings/members" />
      </div>
      <section class="stack" aria-label="Members">
        <Table caption="Members, newest first" columns={memberColumns(self)} rows={members.data} />
        <Older path="/settings/members" query={{}} cursor={members.nextCursor} />
      </section>
      <Invitations invitations={invitations} admin={invites} now={now} />
      <Former former={former} owner={self.role === 'owner'} />
    </Dashboard>
  )
}
