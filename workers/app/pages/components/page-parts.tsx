import type { Child } from 'hono/jsx'
import type { SecretView } from '../../../../shared/contracts/common.ts'

/** Title of a page, with what can be done there. */
export function Heading({ title, children }: { title: string; children?: Child }) {
  return (
    <div class="row between">
      <h1 class="wrap">{title}</h1>
      <div class="row">{children}</div>
    </div>
  )
}

export function Empty({ title, children }: { title: string; children?: Child }) {
  return (
    <section class="empty stack">
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** A table that can be scrolled by keyboard where it does not fit. */
export function Table({ caption, columns, children }: { caption: string; columns: string[]; children?: Child }) {
  return (
    <section class="scroll" tabindex={0} aria-label={caption}>
      <table>
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col">{column}</th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  )
}

/** The next page of a list, where there is one. */
export function Older({ path, query, cursor }: { path: string; query: Record<string, string>; cursor: string | null }) {
  if (cursor === null) return null
  return (
    <p>
      <a class="btn" href={`${path}?${new URLSearchParams({ ...query, cursor })}`}>
        Older
      </a>
    </p>
  )
}

/** A secret as it is shown for ever: that it is set, and how it can be told from another. */
export function SecretText({ secret }: { secret: SecretView | undefined }) {
  if (!secret?.set) return <span class="muted">not set</span>
  return (
    <span>
      set <code title="Keyed fingerprint: it changes when the secret does">{secret.fingerprint}</code>
    </span>
  )
}

/** A small form that is one button. */
export function PostButton({ action, children }: { action: string; children?: Child }) {
  return (
    <form method="post" action={action}>
      <button type="submit" class="btn">
        {children}
      </button>
    </form>
  )
}
