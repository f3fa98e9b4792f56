const LINKS = [
  ['/security', 'Security'],
  ['/privacy', 'Privacy'],
  ['/subprocessors', 'Subprocessors'],
  ['/changelog', 'Changelog'],
  ['/docs', 'Docs'],
] as const

/** At the end of every page that is public: what Candor says about itself. */
export function SiteFoot() {
  return (
    <footer class="site-foot">
      <nav class="row foot" aria-label="About Candor">
        {LINKS.map(([href, name]) => (
          <a href={href}>{name}</a>
        ))}
      </nav>
    </footer>
  )
}

/** The parts of a long page. */
export function Parts({ parts }: { parts: { id: string; text: string }[] }) {
  if (parts.length < 2) return null
  return (
    <nav class="pills" aria-label="On this page">
      {parts.map(({ id, text }) => (
        <a href={`#${id}`}>{text}</a>
      ))}
    </nav>
  )
}
