import type { Child } from 'hono/jsx'
import type { FieldError } from '../../shared/errors.ts'
import { Select } from '../../workers/app/pages/components/form.tsx'
import { ConfirmPage } from '../../workers/app/pages/confirm.tsx'
import { InvitationFormPage, InvitationPage } from '../../workers/app/pages/invitation.tsx'
import { JoinPage, NoInvitationPage } from '../../workers/app/pages/join.tsx'
import { MemberPage } from '../../workers/app/pages/member.tsx'
import { MembersPage } from '../../workers/app/pages/members.tsx'
import { RolesPage } from '../../workers/app/pages/roles.tsx'
import type { Viewer } from '../../workers/app/pages/shells.tsx'
import { WorkspaceFormPage } from '../../workers/app/pages/workspace-form.tsx'
import { WorkspacesPage } from '../../workers/app/pages/workspaces.tsx'
import * as data from './fixtures.ts'
import { former, invitations, members } from './member-fixtures.ts'

const CLEAN = { values: {}, errors: [] as FieldError[] }

function inside(say: data.Say, viewer: Viewer): [string, Child][] {
  const [weak, , , owner] = members(say)
  const [waiting, late] = invitations(say)
  if (!weak || !owner || !waiting || !late) throw new Error('There is nobody to show.')
  const self = { userId: owner.id, role: 'owner' as const }
  const refused = (field: string) => ({
    values: { [field]: say('typed') },
    errors: [{ field, message: say('Not so.') }],
  })
  const list = {
    viewer,
    members: { data: members(say), nextCursor: say('next') },
    invitations: invitations(say),
    former: former(say),
    now: data.NOW,
  }
  const link = say('https://candor.test/invitations/inv_00000000000')
  const removal = {
    viewer,
    current: '/settings' as const,
    title: say('Remove Kim Lee?'),
    consequence: say('Kim Lee is signed out of this workspace at once.'),
    action: '/settings/members/usr_0/remove',
    submit: 'Remove member',
    cancel: '/settings/members',
    fields: ['apiKeys'],
  }
  const keys = (state: typeof CLEAN | ReturnType<typeof refused>) => (
    <ConfirmPage {...removal} state={state}>
      <Select
        state={state}
        name="apiKeys"
        label="Their API keys"
        hint={say('This key works now: ci')}
        options={[
          ['revoke', 'Revoke them'],
          ['hand_over', 'Hand them over to me'],
        ]}
      />
    </ConfirmPage>
  )
  return [
    ['members', <MembersPage {...list} self={self} />],
    [
      'members-as-viewer',
      <MembersPage {...list} self={{ userId: weak.id, role: 'viewer' }} invitations={[]} former={[]} />,
    ],
    [
      'member',
      <MemberPage viewer={viewer} self={self} member={weak} state={{ values: { role: 'viewer' }, errors: [] }} />,
    ],
    ['member-refused', <MemberPage viewer={viewer} self={self} member={weak} state={refused('role')} />],
    ['member-owner', <MemberPage viewer={viewer} self={self} member={owner} state={CLEAN} />],
    [
      'member-self',
      <MemberPage viewer={viewer} self={{ userId: weak.id, role: 'viewer' }} member={weak} state={CLEAN} />,
    ],
    ['member-remove', keys(CLEAN)],
    ['member-remove-refused', keys(refused('apiKeys'))],
    ['invitation-form', <InvitationFormPage viewer={viewer} state={{ values: { role: 'member' }, errors: [] }} />],
    ['invitation-form-refused', <InvitationFormPage viewer={viewer} state={refused('email')} />],
    ['invitation', <InvitationPage viewer={viewer} invitation={waiting} link={link} now={data.NOW} mailed />],
    [
      'invitation-expired',
      <InvitationPage
        viewer={viewer}
        invitation={late}
        link={link}
        now={data.NOW}
        mailed={false}
        error={say('Not so.')}
      />,
    ],
    [
      'invitation-accepted',
      <InvitationPage
        viewer={viewer}
        invitation={{ ...late, acceptedAt: late.sentAt, acceptedBy: weak.id }}
        link={link}
        now={data.NOW}
        mailed
      />,
    ],
    [
      'roles',
      <RolesPage
        viewer={viewer}
        lines={[
          { action: 'monitor.create', words: 'Create a monitor', role: 'member', keys: true },
          { action: 'person.erase', words: 'Erase somebody', role: 'owner', keys: false },
        ]}
      />,
    ],
  ]
}

/** Pages about who belongs where. */
export function memberPages(say: data.Say, viewer: Viewer): [string, Child][] {
  const [owned, joined] = [data.idOf('workspace', 1), data.idOf('workspace', 2)]
  const workspaces = [
    { id: owned, name: say('Acme'), slug: say('acme'), plan: 'pro' as const, role: 'owner' as const, endsAt: null },
    {
      id: joined,
      name: say('Engines'),
      slug: null,
      plan: 'free' as const,
      role: 'viewer' as const,
      endsAt: data.NOW + 1,
    },
  ]
  const from = { workspaceName: say('Engines'), inviterName: say('Grace Hopper'), role: 'member' as const }
  const waiting = { ...from, id: data.idOf('invitation', 2) }
  const join = {
    ...waiting,
    email: say('alex@acme.test'),
    personName: say('Alex Doe'),
    expiresAt: new Date(data.NOW + data.DAY_MS).toISOString(),
  }
  const typed = { name: say('x'), slug: say('Bad Slug') }
  const errors = [{ field: 'slug', message: say('Not so.') }]
  return [
    ...inside(say, viewer),
    [
      'workspaces',
      <WorkspacesPage personName={say('Alex Doe')} workspaces={workspaces} current={owned} invitations={[waiting]} />,
    ],
    [
      'workspaces-none',
      <WorkspacesPage personName={say('Alex Doe')} workspaces={[]} current={owned} invitations={[]} />,
    ],
    ['workspace-form', <WorkspaceFormPage state={CLEAN} />],
    ['workspace-form-refused', <WorkspaceFormPage state={{ values: typed, errors }} />],
    ['join', <JoinPage {...join} />],
    ['join-closed', <JoinPage {...join} closed={say('This invitation has expired.')} />],
    ['join-nothing', <NoInvitationPage message={say('There is no invitation here for alex@acme.test.')} />],
  ]
}
