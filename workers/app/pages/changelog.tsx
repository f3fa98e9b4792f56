import type { Release } from '../../../shared/trust/document.ts'
import { Section } from './components/page-parts.tsx'
import { Prose } from './components/prose.tsx'
import { Parts } from './components/site-foot.tsx'
import { Day } from './components/time.tsx'
import { Plain } from './shells.tsx'

/** CHANGELOG.md itself. */
export function ChangelogPage({ releases }: { releases: Release[] }) {
  return (
    <Plain title="Changelog" wide signIn feed={{ href: '/changelog.atom', title: 'Versions of Candor' }}>
      <div class="stack answer">
        <h1>Changelog</h1>
        <p class="lead">
          What changes for those who use or run Candor. <a href="/changelog.atom">A feed (Atom)</a> has each version.
        </p>
        <Parts parts={releases.map(({ id, name }) => ({ id, text: name }))} />
      </div>
      {releases.map(({ id, name, date, html }) => (
        <Section
          id={id}
          title={name}
          aside={date === null ? <span class="muted">not in a version yet</span> : <Day day={date} />}
        >
          <Prose html={html} />
        </Section>
      ))}
    </Plain>
  )
}
