import { reaches } from '../../../shared/contracts/common.ts'
import type { MemberWithName } from '../../../shared/contracts/member.ts'
import { Actions, ErrorSummary, type FormState, Select } from './components/form.tsx'
import { Section } from './components/page-parts.tsx'
import { ROLE_CHOICES, ROLE_WORDS } from './components/role.ts'
import type { Self } from './members.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface MemberProps {
  viewer: Viewer
  self: Self
  member: MemberWithName
  state: FormState
}

function Role({ self, member, state }: Omit<MemberProps, 'viewer'>) {
  if (member.role === 'owner')
    return <p>The owner stays the owner until they hand the workspace over. There is always one.</p>
  if (!reaches(self.role, 'admin')) return <p>An admin can change your role.</p>
  return (
    <form class="form" method="post" action={`/settings/members/${member.id}`} novalidate>
      <Select state={state} name="role" label="Role" options={ROLE_CHOICES} />
      <Actions submit="Change role" cancel="/settings/members" />
    </form>
  )
}

/** What can end, each on a page of its own. */
function Ends({ self, member }: { self: Self; member: MemberWithName }) {
  const path = `/settings/members/${member.id}`
  const own = member.id === self.userId
  const mayRemove = !own && member.role !== 'owner' && reaches(self.role, 'admin')
  const mayBecomeOwner = !own && self.role === 'owner'
  if (!mayRemove && !mayBecomeOwner && (!own || member.role === 'owner')) return null
  return (
    <Section id="ends" title={own ? 'Leave' : 'Hand over, remove'}>
      <p class="row">
        {mayBecomeOwner ? (
          <a class="btn" href={`${path}/transfer`}>
            Make {member.name} the owner
          </a>
        ) : null}
        {mayRemove ? (
          <a class="btn" href={`${path}/remove`}>
            Remove {member.name}
          </a>
        ) : null}
        {own && member.role !== 'owner' ? (
          <a class="btn" href={`${path}/leave`}>
            Leave this workspace
          </a>
        ) : null}
      </p>
    </Section>
  )
}

export function MemberPage({ viewer, self, member, state }: MemberProps) {
  return (
    <Dashboard title={member.name} viewer={viewer} current="/settings" failed={state.errors.length > 0}>
      <ErrorSummary errors={state.errors} fields={['role']} />
      <div class="stack">
        <h1 class="wrap">{member.name}</h1>
        <p class="lead wrap">
          {member.email}, {ROLE_WORDS[member.role].toLowerCase()} of this workspace
        </p>
      </div>
      <Role self={self} member={member} state={state} />
      <Ends self={self} member={member} />
    </Dashboard>
  )
}
