import type { Plan, Role } from '../../../shared/contracts/common.ts'
import type { GivenRole } from '../../../shared/contracts/invitation.ts'
import { Heading, NewLink, PostButton, Section } from './components/page-parts.tsx'
import { ROLE_WORDS } from './components/role.ts'
import { type Column, Table } from './components/table.tsx'
import { exactTime } from './components/time.tsx'
import { Plain } from './shells.tsx'

interface Line {
  id: string
  name: string
  slug: string | null
  plan: Plan
  role: Role
  /** When it is deleted for good, Unix milliseconds; null while nobody has deleted it. */
  endsAt: number | null
}

interface Waiting {
  id: string
  workspaceName: string
  inviterName: string
  role: GivenRole
}

interface WorkspacesProps {
  personName: string
  workspaces: Line[]
  /** The one that the session is in. */
  current: string
  invitations: Waiting[]
}

const columnsAt = (current: string): Column<Line>[] => [
  {
    title: 'Name',
    kind: 'head',
    show: ({ name, slug, endsAt }) => (
      <>
        {name}
        {slug === null ? null : (
          <div class="small muted">
            <code>{slug}</code>
          </div>
        )}
        {endsAt === null ? null : <div class="small muted">will be deleted on {exactTime(endsAt)}</div>}
      </>
    ),
  },
  { title: 'Your role', show: ({ role }) => ROLE_WORDS[role] },
  { title: 'Plan', show: ({ plan }) => (plan === 'pro' ? 'Pro' : 'Free') },
  {
    title: 'Actions',
    kind: 'actions',
    show: ({ id, name }) =>
      id === current ? (
        <a class="btn btn-sm" href="/monitors">
          Stay here<span class="visually-hidden"> in {name}</span>
        </a>
      ) : (
        <PostButton action={`/workspaces/${id}/switch`} small>
          Switch<span class="visually-hidden"> to {name}</span>
        </PostButton>
      ),
  },
]

const WAITING: Column<Waiting>[] = [
  { title: 'Workspace', kind: 'head', show: ({ workspaceName }) => workspaceName },
  { title: 'From', kind: 'text', show: ({ inviterName }) => inviterName },
  { title: 'Role', show: ({ role }) => ROLE_WORDS[role] },
  {
    title: 'Actions',
    kind: 'actions',
    show: ({ id, workspaceName }) => (
      <a class="btn btn-sm" href={`/invitations/${id}`}>
        Look<span class="visually-hidden"> at the invitation to {workspaceName}</span>
      </a>
    ),
  },
]

/** Whoever is signed in, and where they belong: no page of a workspace, because they may belong to none. */
export function WorkspacesPage({ personName, workspaces, current, invitations }: WorkspacesProps) {
  return (
    <Plain title="Your workspaces" wide>
      <div class="stack">
        <Heading title="Your workspaces">
          <NewLink href="/workspaces/new">New workspace</NewLink>
        </Heading>
        <p class="wrap muted">You are signed in as {personName}.</p>
      </div>
      {workspaces.length === 0 ? (
        <p>You belong to no workspace just now.</p>
      ) : (
        <Table caption="Workspaces that you belong to" columns={columnsAt(current)} rows={workspaces} />
      )}
      {invitations.length === 0 ? null : (
        <Section id="waiting" title="Invitations to you">
          <Table caption="Invitations that wait for your answer" columns={WAITING} rows={invitations} />
        </Section>
      )}
      <PostButton action="/sign-out" icon="signOut">
        Sign out
      </PostButton>
    </Plain>
  )
}
