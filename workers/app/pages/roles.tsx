import { ROLES, type Role, reaches } from '../../../shared/contracts/common.ts'
import { Icon } from './components/icon.tsx'
import { ROLE_WORDS } from './components/role.ts'
import { SettingsMenu } from './components/settings-menu.tsx'
import { type Column, Table } from './components/table.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

export interface RoleLine {
  action: string
  words: string
  role: Role
  keys: boolean
}

/** Nothing for a no, as in docs/roles.md: on a narrow screen only what is allowed is left. */
const May = ({ may }: { may: boolean }) =>
  may ? (
    <span class="status" data-status="up">
      <Icon name="up" />
      yes
    </span>
  ) : null

const COLUMNS: Column<RoleLine>[] = [
  {
    title: 'Change',
    kind: 'head',
    show: ({ words, action }) => (
      <>
        {words}
        <div class="small muted">
          <code>{action}</code>
        </div>
      </>
    ),
  },
  ...ROLES.map(
    (role): Column<RoleLine> => ({
      title: ROLE_WORDS[role],
      show: (line) => <May may={reaches(role, line.role)} />,
    }),
  ),
  { title: 'Also API keys', show: ({ keys }) => <May may={keys} /> },
]

/** Who may do what, from the very register that is asked at each change. */
export function RolesPage({ viewer, lines }: { viewer: Viewer; lines: RoleLine[] }) {
  return (
    <Dashboard title="Roles" viewer={viewer} current="/settings">
      <div class="stack">
        <h1>Roles</h1>
        <SettingsMenu current="/settings/roles" />
        <p class="lead">
          Every role reads everything; an empty cell is a no. An API key acts with its person’s role of the moment, at
          most as an admin, and only as far as its scope says.
        </p>
      </div>
      <Table caption="Which role may make which change" columns={COLUMNS} rows={lines} />
    </Dashboard>
  )
}
