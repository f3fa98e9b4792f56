import { Dashboard, type Viewer } from './shells.tsx'

interface ShownOnceProps {
  viewer: Viewer
  current: '/api-keys' | '/integrations'
  title: string
  what: string
  secret: string
  /** A command that works as it stands. */
  example?: string
}

/** A secret, the only time it can be seen. */
export function ShownOncePage({ viewer, current, title, what, secret, example }: ShownOnceProps) {
  return (
    <Dashboard title={title} viewer={viewer} current={current}>
      <h1 class="wrap">{title}</h1>
      <p class="banner" data-status="degraded" role="status">
        Copy it now: {what} is not kept in a form that could be shown again.
      </p>
      <pre class="code">{secret}</pre>
      {example === undefined ? null : (
        <section class="stack">
          <h2>Try it</h2>
          <pre class="code">{example}</pre>
        </section>
      )}
      <p>
        <a class="btn btn-primary" href={current}>
          I have copied it
        </a>
      </p>
    </Dashboard>
  )
}
