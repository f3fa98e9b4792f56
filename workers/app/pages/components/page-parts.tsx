import type { Child } from 'hono/jsx'
import type { SecretView } from '../../../../shared/contracts/common.ts'
import { Icon } from './icon.tsx'
import type { IconName } from './icon-names.ts'
import { pathWith } from './link.tsx'

/** Title of a page, with what can be done there. */
export function Heading({ title, children }: { title: string; children?: Child }) {
  return (
    <div class="row between">
      <h1 class="wrap">{title}</h1>
      {children === undefined ? null : <div class="row">{children}</div>}
    </div>
  )
}

/** A part of a page, named by its heading. */
export function Section({
  id,
  title,
  aside,
  children,
}: {
  id: string
  title: string
  aside?: Child
  children?: Child
}) {
  return (
    <section class="stack" aria-labelledby={id}>
      <div class="row between">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

interface EmptyProps {
  icon: IconName
  title: string
  children?: Child
}

/** Nothing is here yet: what it would be, and what to do next. */
export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <section class="empty stack">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** The next page of a list, where there is one. */
export function Older({ path, query, cursor }: { path: string; query: Record<string, string>; cursor: string | null }) {
  if (cursor === null) return null
  return (
    <p>
      <a class="btn" rel="next" href={pathWith(path, { ...query, cursor })}>
        Older
      </a>
    </p>
  )
}

/** A secret as it is shown for ever: that it is set, and how it can be told from another. */
export function SecretText({ secret, replace }: { secret: SecretView | undefined; replace?: string }) {
  if (!secret?.set) return <span class="muted">not set</span>
  return (
    <span>
      set · fingerprint <code>{secret.fingerprint}</code>
      {replace === undefined ? null : (
        <>
          {' '}
          · <a href={replace}>replace</a>
        </>
      )}
    </span>
  )
}

interface PostButtonProps {
  action: string
  icon?: IconName
  primary?: boolean
  small?: boolean
  children?: Child
}

/** A small form that is one button. */
export function PostButton({ action, icon, primary, small, children }: PostButtonProps) {
  return (
    <form method="post" action={action}>
      <button type="submit" class={`btn${primary ? ' btn-primary' : ''}${small ? ' btn-sm' : ''}`}>
        {icon === undefined ? null : <Icon name={icon} />}
        {children}
      </button>
    </form>
  )
}

/** The one thing that a list invites to. */
export function NewLink({ href, children }: { href: string; children?: Child }) {
  return (
    <a class="btn btn-primary" href={href}>
      <Icon name="plus" />
      {children}
    </a>
  )
}

/** Text to be copied whole: one click selects it. */
export function Code({ children }: { children?: Child }) {
  return <pre class="code once">{children}</pre>
}
