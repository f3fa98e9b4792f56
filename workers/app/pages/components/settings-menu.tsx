const PLACES = [
  ['/settings', 'Workspace'],
  ['/settings/members', 'Members'],
  ['/settings/roles', 'Roles'],
] as const

/** The places of the settings. */
export function SettingsMenu({ current }: { current: (typeof PLACES)[number][0] }) {
  return (
    <nav class="pills" aria-label="Settings">
      {PLACES.map(([href, name]) => (
        <a href={href} aria-current={href === current ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  )
}
