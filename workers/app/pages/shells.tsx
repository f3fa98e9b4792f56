import type { Child } from 'hono/jsx'
import type { OwnWorkspaces } from '../../../shared/contracts/account.ts'
import type { LogFinding } from '../../../shared/domain/finding.ts'
import { FindingBanner } from './components/audit-badge.tsx'
import { EndingBanner, type EndingNotice } from './components/ending.tsx'
import { SiteFoot } from './components/site-foot.tsx'
import { WorkspaceMenu } from './components/workspace-menu.tsx'
import { type Alternate, Document } from './document.tsx'

/** Who is looking, and where. */
export interface Viewer {
  workspaceName: string
  personName: string
  own: OwnWorkspaces
  /** That the workspace's log does not verify, for those who have to do something about it. */
  finding?: LogFinding | null
  /** Actions of the changes that they may make here. */
  may: ReadonlySet<string>
  /** That the workspace is being deleted. */
  ending?: EndingNotice | null
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
export type Place = (typeof NAVIGATION)[number][0] | '/account'

interface DashboardProps {
  title: string
  viewer: Viewer
  current: Place
  /** True when the page shows a form that was refused. */
  failed?: boolean
  /** The one optional script of the page. */
  script?: string
  /** True when the page says itself how the log stands. */
  ownFinding?: boolean
  children?: Child
}

function Who({ viewer, current }: { viewer: Viewer; current: boolean }) {
  return (
    <div class="row who">
      <WorkspaceMenu name={viewer.workspaceName} own={viewer.own} />
      <a class="small wrap" href="/account" aria-current={current ? 'page' : undefined}>
        {viewer.personName === '' ? 'Your account' : viewer.personName}
      </a>
      <form method="post" action="/sign-out">
        <button type="submit" class="link-btn">
          Sign out
        </button>
      </form>
    </div>
  )
}

export function Dashboard({ title, viewer, current, failed, script, ownFinding, children }: DashboardProps) {
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
          <Who viewer={viewer} current={current === '/account'} />
        </div>
      </header>
      <main id="main" class="page page-wide stack-lg">
        {viewer.ending ? <EndingBanner {...viewer.ending} /> : null}
        {viewer.finding && !ownFinding ? <FindingBanner finding={viewer.finding} /> : null}
        {children}
      </main>
    </Document>
  )
}

const ATOM = 'application/atom+xml'

interface PlainProps {
  title: string
  wide?: boolean
  /** Offer to sign in: not where that is what the page is about. */
  signIn?: boolean
  /** True when the page shows a form that was refused. */
  failed?: boolean
  /** A feed of ours that the page is about. */
  feed?: Pick<Alternate, 'href' | 'title'>
  children?: Child
}

/** A page outside the dashboard: signing in, errors, what is public about Candor. */
export function Plain({ title, wide, signIn, failed, feed, children }: PlainProps) {
  return (
    <Document title={`${failed ? 'Error: ' : ''}${title} · Candor`} alternates={feed && [{ type: ATOM, ...feed }]}>
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
      <SiteFoot />
    </Document>
  )
}
