import type { Child } from 'hono/jsx'
import { Document } from './document.tsx'

/** Who is looking, and where. */
export interface Viewer {
  workspaceName: string
  personName: string
}

const NAVIGATION = [
  ['/monitors', 'Monitors'],
  ['/incidents', 'Incidents'],
  ['/status-pages', 'Status pages'],
  ['/integrations', 'Integrations'],
  ['/api-keys', 'API keys'],
  ['/audit-logs', 'Audit log'],
  ['/settings', 'Settings'],
] as const

interface DashboardProps {
  title: string
  viewer: Viewer
  current: (typeof NAVIGATION)[number][0]
  /** True when the page shows a form that was refused. */
  failed?: boolean
  children?: Child
}

export function Dashboard({ title, viewer, current, failed, children }: DashboardProps) {
  return (
    <Document title={`${failed ? 'Error: ' : ''}${title} · ${viewer.workspaceName} · Candor`}>
      <header class="top no-print">
        <div class="top-in">
          <a class="brand" href="/monitors">
            Candor
          </a>
          <nav aria-label="Main">
            {NAVIGATION.map(([href, name]) => (
              <a href={href} aria-current={href === current ? 'page' : undefined}>
                {name}
              </a>
            ))}
          </nav>
          <form method="post" action="/sign-out" class="row">
            <span class="small muted wrap">
              {viewer.personName} in {viewer.workspaceName}
            </span>
            <button type="submit" class="link-btn">
              Sign out
            </button>
          </form>
        </div>
      </header>
      <main id="main" class="page page-wide stack-lg">
        {children}
      </main>
    </Document>
  )
}

/** A page outside the dashboard: signing in, errors, what is public about Candor. */
export function Plain({ title, wide, children }: { title: string; wide?: boolean; children?: Child }) {
  return (
    <Document title={`${title} · Candor`}>
      <header class="top no-print">
        <div class="top-in">
          <a class="brand" href="/">
            Candor
          </a>
          <nav aria-label="Main">
            <a href="/sign-in">Sign in</a>
          </nav>
        </div>
      </header>
      <main id="main" class={wide ? 'page page-wide stack-lg' : 'page stack-lg'}>
        {children}
      </main>
    </Document>
  )
}
