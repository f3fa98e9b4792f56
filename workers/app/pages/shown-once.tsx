import { Code, Section } from './components/page-parts.tsx'
import { Banner } from './components/status.tsx'
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
      <div class="stack">
        <h1 class="wrap">{title}</h1>
        <Banner tone="degraded" icon="copy">
          <p>Copy it now: {what} is not kept in a form that could be shown again.</p>
        </Banner>
        <Code>{secret}</Code>
      </div>
      {example === undefined ? null : (
        <Section id="try" title="Try it">
          <Code>{example}</Code>
        </Section>
      )}
      <p>
        <a class="btn btn-primary" href={current}>
          I have copied it
        </a>
      </p>
    </Dashboard>
  )
}
