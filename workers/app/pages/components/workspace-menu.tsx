import type { OwnWorkspaces } from '../../../../shared/contracts/account.ts'
import { Icon } from './icon.tsx'

interface WorkspaceMenuProps {
  /** The workspace that the session is in. */
  name: string
  own: OwnWorkspaces
}

/** Where one is, and where one can go on. A choice is a form: it changes the session. */
export function WorkspaceMenu({ name, own: { workspaces, mayAdd } }: WorkspaceMenuProps) {
  return (
    <details>
      <summary class="choice switcher">
        <span class="visually-hidden">Switch workspace, now </span>
        <span class="wrap">{name}</span>
        <Icon name="switch" />
      </summary>
      <div class="choices">
        <ul class="plain">
          {workspaces.map(({ id, name: one, current }) => (
            <li>
              {current ? (
                <span class="choice" aria-current="true">
                  <Icon name="check" />
                  <span class="wrap">{one}</span>
                </span>
              ) : (
                <form method="post" action={`/workspaces/${id}/switch`}>
                  <button type="submit" class="choice">
                    <span class="wrap">{one}</span>
                  </button>
                </form>
              )}
            </li>
          ))}
        </ul>
        <a class="choice" href="/workspaces">
          <Icon name="layers" />
          All workspaces
        </a>
        {mayAdd ? (
          <a class="choice" href="/workspaces/new">
            <Icon name="plus" />
            New workspace
          </a>
        ) : null}
      </div>
    </details>
  )
}
