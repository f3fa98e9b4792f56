import type { Child } from 'hono/jsx'

/** A link to an address that somebody typed: only http and https become one. */
export function SafeLink({ href, children }: { href: string; children?: Child }) {
  if (!/^https?:\/\//i.test(href)) return <>{children}</>
  return (
    <a href={href} rel="noopener noreferrer nofollow">
      {children}
    </a>
  )
}
