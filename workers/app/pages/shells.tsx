import type { Child } from 'hono/jsx'
import { Icon } from './components/icon.tsx'
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

/** Which of the dashboard's places a page belongs to. */
export type Place = (typeof NAVIGATION)[number][0]

interface DashboardProps {
  title: string
  viewer: Viewer
  current: Place
  /** True when the page shows a form that was refused. */
  failed?: boolean
  /** The one optional script of the page. */
  script?: string
  children?: Child
}

function Who({ viewer }: { viewer: Viewer }) {
  return (
    <form method="post" action="/sign-out" class="row who">
      <span class="small muted wrap">
        {viewer.personName === '' ? null : `${viewer.personName} in `}
        <a href="/workspaces">
          <span class="visually-hidden">Switch workspace, now </span>
          {viewer.workspaceName} <Icon name="switch" />
        </a>
      </span>
      <button type="submit" class="link-btn">
        Sign out
      </button>
    </form>
  )
}

export function Dashboard({ title, viewer, current, failed, script, children }: DashboardProps) {
  return (
    <Document title={`${failed ? 'Error: ' : ''}${title} · ${viewer.workspaceName} · Candor`} script={script}>
      <header class="top">
        <div class="top-in">
          <a class="brand" href="/monitors">
            Candor
          </a>
          <nav class="menu" aria-label="Main">
            {NAVIGATION.map(([href, name]) => (
              <a href={href} aria-current={href === current ? 'page' : undefined}>
                {name}
              </a>
            ))}
          </nav>
          <Who viewer={viewer} />
        </div>
      </header>
      <main id="main" class="page page-wide stack-lg">
        {children}
      </main>
    </Document>
  )
}

interface PlainProps {
  title: string
  wide?: boolean
  /** Offer to sign in: not where that is what the page is about. */
  signIn?: boolean
  /** True when the page shows a form that was refused. */
  failed?: boolean
  children?: Child
}

/** A page outside the dashboard: signing in, errors, what is public about Candor. */
export function Plain({ title, wide, signIn, failed, children }: PlainProps) {
  return (
    <Document title={`${failed ? 'Error: ' : ''}${title} · Candor`}>
      <header class="top">
        <div class="top-in">
          <a class="brand" href="/">
            Candor
          </a>
          {signIn ? (
            <a class="btn btn-sm who" href="/sign-in">
              Sign in
            </a>
          ) : null}
        </div>
      </header>
      <main id="main" class={wide ? 'page page-wide stack-lg' : 'page stack-lg'}>
        {children}
      </main>
    </Document>
  )
}
